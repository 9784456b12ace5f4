// One line of JSON per event on stderr: a message a person can read, and facts a program can.

export type Facts = Record<string, unknown>;

export interface Log {
  info(message: string, facts?: Facts): void;
  warn(message: string, facts?: Facts): void;
  error(message: string, facts?: Facts): void;
  /** A log whose every line also carries these facts. */
  with(facts: Facts): Log;
}

type Level = 'info' | 'warn' | 'error';

/** `write` gets whole lines without the line end. Secrets never go into facts: stream keys are not among them. */
export function createLog(write: (line: string) => void, clock: () => number, common: Facts = {}): Log {
  const say =
    (level: Level) =>
    (message: string, facts: Facts = {}) =>
      write(JSON.stringify({ at: new Date(clock()).toISOString(), level, message, ...common, ...facts }));
  return {
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
    with: (facts) => createLog(write, clock, { ...common, ...facts }),
  };
}

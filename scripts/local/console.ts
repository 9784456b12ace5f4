// What the person at the terminal sees: short aligned lines, colours only where somebody looks.
const isTerminal = process.stdout.isTTY === true && !process.env.NO_COLOR;
const paint = (code: number) => (text: string) => (isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text);
export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

export const heading = (text: string): void => say(`\n  ${bold(text)}\n`);
export const detail = (name: string, value: string): void => say(`    ${dim(name.padEnd(13))}${value}`);
export const note = (text: string): void => say(`  ${dim(text)}`);
export const blank = (): void => say('');

export function failure(text: string): void {
  process.stderr.write(`\n  ${red('✗')} ${text}\n\n`);
}

/** Runs one step and prints its line when it is done; the time is there because people wait for it. */
export async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  if (isTerminal) process.stdout.write(`  ${dim('…')} ${name}`);
  const clear = isTerminal ? '\r\u001b[K' : '';
  try {
    const result = await work();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    say(`${clear}  ${green('✓')} ${name.padEnd(34)} ${dim(`${seconds.padStart(4)} s`)}`);
    return result;
  } catch (error) {
    say(`${clear}  ${red('✗')} ${name}`);
    throw error;
  }
}

// The broadcasts of a node: who is here, what they cost, and whether there is room for another.
import type { SessionId } from '../src/protocol/ids.ts';

/** What a node needs to know of a session. */
export interface RunningSession {
  stop(reason: string): void;
}

export interface AdmissionOptions {
  capacityUnits: number;
  /** Held for a session until its ladder is planned: a lighter one is planned when this is all there is. */
  assumedUnits: number;
  maxSessions: number;
}

export type Admission = { ok: true } | { ok: false; detail: string; retryAfterSeconds: number };

const RETRY_AFTER_SECONDS = 10;

interface Entry {
  costUnits: number;
  session: RunningSession | null;
}

export class Sessions {
  readonly #options: AdmissionOptions;
  readonly #entries = new Map<SessionId, Entry>();
  /** Encoders that wait for the edge's word on their key. */
  #pending = 0;
  #isDraining = false;
  #onEmpty: (() => void)[] = [];

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  get ids(): SessionId[] {
    return [...this.#entries.keys()];
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  get usedUnits(): number {
    let used = 0;
    for (const { costUnits } of this.#entries.values()) used += costUnits;
    return Math.round(used * 1000) / 1000;
  }

  /** Is there room? Asked before an encoder is let in. */
  admission(): Admission {
    const { capacityUnits, assumedUnits, maxSessions } = this.#options;
    const refuse = (detail: string): Admission => ({ ok: false, detail, retryAfterSeconds: RETRY_AFTER_SECONDS });
    if (this.#isDraining)
      return refuse('This transcoder is about to stop. Try again in a moment: another one takes over.');
    const present = this.#entries.size + this.#pending;
    const assumed = Math.min(assumedUnits, capacityUnits);
    if (present >= maxSessions) return refuse('This transcoder has as many broadcasts as it may have.');
    // The first broadcast is never refused: a small machine plans a lighter ladder.
    if (present > 0 && this.usedUnits + (this.#pending + 1) * assumed > capacityUnits + 1e-6) {
      return refuse('This transcoder has no room for another broadcast at the moment. Try again in a moment.');
    }
    return { ok: true };
  }

  /** Holds a place while `ask` runs: those that ask at the same time may not all get the last one. */
  async whileHeld<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    this.#pending += 1;
    try {
      return await ask();
    } finally {
      this.#pending -= 1;
    }
  }

  /** Holds the place of a session that is let in. */
  add(id: SessionId): void {
    this.#entries.set(id, {
      costUnits: Math.min(this.#options.assumedUnits, this.#options.capacityUnits),
      session: null,
    });
  }

  attach(id: SessionId, session: RunningSession): void {
    const entry = this.#entries.get(id);
    if (entry) entry.session = session;
  }

  has(id: SessionId): boolean {
    return this.#entries.has(id);
  }

  /** What this session may spend: all that the others leave. */
  availableFor(id: SessionId): number {
    return this.#options.capacityUnits - (this.usedUnits - (this.#entries.get(id)?.costUnits ?? 0));
  }

  setCost(id: SessionId, costUnits: number): void {
    const entry = this.#entries.get(id);
    if (entry) entry.costUnits = costUnits;
  }

  remove(id: SessionId): void {
    this.#entries.delete(id);
    if (this.#entries.size > 0) return;
    for (const done of this.#onEmpty.splice(0)) done();
  }

  stop(id: SessionId, reason: string): void {
    this.#entries.get(id)?.session?.stop(reason);
  }

  /** Takes no more, lets everybody go, and resolves when all are gone or after `limitMs`. */
  async drain(reason: string, limitMs: number): Promise<void> {
    this.#isDraining = true;
    if (this.#entries.size === 0) return;
    let limit: NodeJS.Timeout | undefined;
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty.push(resolve);
      limit = setTimeout(resolve, limitMs);
    });
    for (const { session } of [...this.#entries.values()]) session?.stop(reason);
    await empty;
    clearTimeout(limit);
  }
}

// The newest lasting answers of this isolate, for the moment in which everybody asks for them.
import type { Answer } from './answer.ts';

const KEPT_MS = 3000;
/** Beyond either bound the oldest goes first, and is looked up again by whoever still wants it. */
const MAX_ANSWERS = 500;
const MAX_BYTES = 16 * 1024 * 1024;

export class Recent {
  private readonly answers = new Map<string, { answer: Answer; untilMs: number }>();
  private bytes = 0;

  find(key: string, nowMs: number): Answer | undefined {
    const kept = this.answers.get(key);
    return kept && kept.untilMs > nowMs ? kept.answer : undefined;
  }

  keep(key: string, answer: Answer, nowMs: number): void {
    this.forget(key);
    this.answers.set(key, { answer, untilMs: nowMs + KEPT_MS });
    this.bytes += answer.body.length;
    for (const [oldest, { untilMs }] of this.answers) {
      if (untilMs > nowMs && this.answers.size <= MAX_ANSWERS && this.bytes <= MAX_BYTES) return;
      this.forget(oldest);
    }
  }

  private forget(key: string): void {
    this.bytes -= this.answers.get(key)?.answer.body.length ?? 0;
    this.answers.delete(key);
  }
}

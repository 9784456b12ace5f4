// What of the past a page fetches, piece by piece, while its picture plays through it. Pure.
import type { Message, MessagePage } from '../../protocol/chat/message.ts';
import { momentOf } from './due.ts';
import { LINES_MAX } from './state.ts';

/** Fetched around a picture that somebody goes to, and how near to its end the next piece is asked for. */
const BACK_MS = 20_000;
const PIECE_MS = 30_000;
const AHEAD_MS = 6_000;
/** Not worth a question. */
const SHORTEST_MS = 2_000;
/** In a quiet room one looks further back, once, so that the panel is not empty. */
const EARLIER_MS = 300_000;
const QUIET_BELOW = 30;
const RETRY_MS = 4_000;
/** Kept: the earliest go, but for those that a panel shows. */
const FETCHED_MAX = 1_000;
/** In a busy room so many that are still to come are enough; with those of a panel and one page they are fewer than are kept. */
const AHEAD_ENOUGH = 500;

export interface Ask {
  /** Programme time, Unix ms; without `toMs` itself. */
  fromMs: number;
  toMs: number;
  cursor: string | null;
}

export class ReplayPlan {
  #fetched: readonly Message[] = [];
  /** All between these is here. */
  #fromMs = 0;
  #toMs = 0;
  /** Up to here some have been let go. */
  #cutMs = Number.NEGATIVE_INFINITY;
  #playingMs = 0;
  #underWay: Ask | null = null;
  /** The next page of what was asked for. */
  #rest: Ask | null = null;
  #hasLookedBack = false;
  #retryAtMs = 0;

  get fetched(): readonly Message[] {
    return this.#fetched;
  }

  /** What to fetch for this picture; null: nothing, or an answer is on its way. It is answered by `take` or `fail`. */
  next(playingMs: number, nowMs: number): Ask | null {
    if (this.#underWay || nowMs < this.#retryAtMs) return null;
    this.#playingMs = playingMs;
    if (!this.#isNear(playingMs)) this.#beginAt(playingMs - BACK_MS);
    // The rest is asked for when the picture comes near it.
    if (this.#rest && this.#isOnwards(this.#rest) && this.#countAhead() >= AHEAD_ENOUGH) this.#rest = null;
    this.#underWay = this.#rest ?? this.#onwards(playingMs, nowMs) ?? this.#backwards();
    return this.#underWay;
  }

  take(ask: Ask, { messages, nextCursor }: MessagePage): void {
    if (ask !== this.#underWay) return;
    this.#underWay = null;
    const known = new Set(this.#fetched.map(({ id }) => id));
    const come = messages.filter(({ id }) => !known.has(id));
    this.#fetched = [...this.#fetched, ...come].sort((a, b) => momentOf(a) - momentOf(b));
    this.#rest = nextCursor === null ? null : { ...ask, cursor: nextCursor };
    const last = messages.at(-1);
    if (this.#rest === null) {
      this.#fromMs = Math.min(this.#fromMs, ask.fromMs);
      this.#toMs = Math.max(this.#toMs, ask.toMs);
    } else if (last && this.#isOnwards(ask)) {
      // Pages come in the order of the programme.
      this.#toMs = Math.max(this.#toMs, momentOf(last));
    }
    this.#cut();
  }

  fail(ask: Ask, nowMs: number): void {
    if (ask !== this.#underWay) return;
    this.#underWay = null;
    this.#retryAtMs = nowMs + RETRY_MS;
  }

  /** Within what is here or is being fetched. */
  #isNear(playingMs: number): boolean {
    const isCutHere =
      playingMs <= this.#cutMs || (this.#cutMs >= this.#fromMs - 1 && this.#countBehind() < QUIET_BELOW);
    const fromMs = Math.min(this.#fromMs, this.#rest?.fromMs ?? this.#fromMs);
    return !isCutHere && playingMs >= fromMs && playingMs <= Math.max(this.#toMs, this.#rest?.toMs ?? 0);
  }

  #beginAt(fromMs: number): void {
    // A page that is asked for anew begins at its first one.
    this.#rest = null;
    this.#fetched = [];
    this.#fromMs = fromMs;
    this.#toMs = fromMs;
    this.#cutMs = Number.NEGATIVE_INFINITY;
    this.#hasLookedBack = false;
  }

  #onwards(playingMs: number, nowMs: number): Ask | null {
    const toMs = Math.min(playingMs + PIECE_MS, nowMs);
    const isDue = this.#toMs < playingMs + AHEAD_MS && toMs - this.#toMs >= SHORTEST_MS;
    return isDue && this.#countAhead() < AHEAD_ENOUGH
      ? { fromMs: Math.max(0, Math.floor(this.#toMs)), toMs: Math.floor(toMs), cursor: null }
      : null;
  }

  #backwards(): Ask | null {
    if (this.#hasLookedBack || this.#countBehind() >= QUIET_BELOW) return null;
    this.#hasLookedBack = true;
    const toMs = Math.floor(this.#fromMs);
    return { fromMs: Math.max(0, toMs - EARLIER_MS), toMs, cursor: null };
  }

  /** Lets go what is too much: what was said longest ago, down to what a panel shows, and then what is furthest ahead. */
  #cut(): void {
    const early = Math.min(this.#fetched.length - FETCHED_MAX, this.#countBehind() - LINES_MAX);
    const lastCut = early > 0 ? this.#fetched[early - 1] : undefined;
    if (lastCut) {
      this.#fetched = this.#fetched.slice(early);
      this.#cutMs = Math.max(this.#cutMs, momentOf(lastCut));
    }
    const firstCut = this.#fetched[FETCHED_MAX];
    if (firstCut) {
      this.#fetched = this.#fetched.slice(0, FETCHED_MAX);
      this.#toMs = Math.min(this.#toMs, momentOf(firstCut));
      if (this.#rest && this.#isOnwards(this.#rest)) this.#rest = null;
    }
    this.#fromMs = Math.max(this.#fromMs, this.#cutMs + 1);
  }

  /** Does it go on from the newest that is here? */
  #isOnwards({ toMs }: Ask): boolean {
    return toMs > this.#toMs;
  }

  #countBehind(): number {
    return this.#fetched.filter((said) => momentOf(said) <= this.#playingMs).length;
  }

  #countAhead(): number {
    return this.#fetched.length - this.#countBehind();
  }
}

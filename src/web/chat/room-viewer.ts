// What one viewer is shown of a room: nothing that their own picture has not come to, and of the past what was said then. Pure: the time comes in.
import type { Message, MessagePage } from '../../protocol/chat/message.ts';
import type { Poll } from '../../protocol/chat/polls.ts';
import type { ReactionTotals } from '../../protocol/chat/reactions.ts';
import type { ServerFrame } from '../../protocol/chat/server-frames.ts';
import {
  beginCounts,
  type CountsLine,
  dueCounts,
  hearCounts,
  isPollDue,
  NO_COUNTS,
  type Risen,
} from '../reactions/due-counts.ts';
import { isDue, showDue } from './due.ts';
import {
  type PictureClock,
  readPictureClock,
  type SpoilerChoice,
  shownUntilMs,
  startPictureClock,
} from './picture-clock.ts';
import { replayLines } from './replay-lines.ts';
import { IN_TIME, isInStep, type ReplayMode, readReplayMode } from './replay-mode.ts';
import { type Ask, ReplayPlan } from './replay-plan.ts';
import type { Line, RoomState } from './state.ts';

/** What the page knows of the picture beside the room. */
export interface PictureReading {
  /** Programme time of what is on the screen, Unix ms; null: unknown. */
  playingMs: number | null;
  /** Programme time of the newest picture that there is, while the stream is live; null: unknown. */
  edgeMs: number | null;
  isLive: boolean;
  hasEnded: boolean;
  /** It was seen to its end. */
  isOver: boolean;
}

export interface Looking {
  state: RoomState;
  /** Null: the room stands alone, and waits for nothing. */
  picture: PictureReading | null;
  /** Unix ms at the edge. */
  nowMs: number;
  choice: SpoilerChoice;
}

export interface Shown {
  lines: readonly Line[];
  /** Lines that wait for this viewer's picture. */
  waiting: number;
  isLocked: boolean;
  /** The picture is of the past: `step`, and so are the lines; `live`, and they are not. Null: it is not. */
  past: 'step' | 'live' | null;
  pinned: Message | null;
  reactions: ReactionTotals | null;
  poll: Poll | null;
}

const NOTHING: Shown = {
  lines: [],
  waiting: 0,
  isLocked: false,
  past: null,
  pinned: null,
  reactions: null,
  poll: null,
};

export class RoomViewer {
  /** The same object as long as nothing of it has changed. */
  shown: Shown = NOTHING;
  #clock: PictureClock;
  #mode: ReplayMode = IN_TIME;
  #plan = new ReplayPlan();
  #counts: CountsLine = NO_COUNTS;
  /** In the order in which this viewer was shown them. */
  #due: readonly Line[] = [];

  constructor(nowMs: number) {
    this.#clock = startPictureClock(nowMs);
  }

  hear(frame: ServerFrame, nowMs: number): void {
    if (frame.kind === 'hello') this.#counts = beginCounts(frame.tally.reactions);
    if (frame.kind === 'tally') {
      const { reactions } = frame.tally;
      this.#counts = hearCounts(this.#counts, { reactions, mediaTimeMs: frame.mediaTimeMs, nowMs });
    }
  }

  /** While the picture is of the past: the room as it was then, or as it is now. */
  wish(wish: 'step' | 'live'): void {
    this.#mode = { ...this.#mode, wish };
  }

  took(ask: Ask, page: MessagePage): void {
    this.#plan.take(ask, page);
  }

  failed(ask: Ask, nowMs: number): void {
    this.#plan.fail(ask, nowMs);
  }

  /** Looks at the room and the picture as they are now. `ask`: of the past, to be answered by `took` or `failed`. */
  look({ state, picture, nowMs, choice }: Looking): { shown: Shown; risen: Risen; ask: Ask | null } {
    if (picture) this.#read(picture, nowMs, choice);
    const { playingMs } = this.#clock;
    const isStep = picture !== null && playingMs !== null && isInStep(this.#mode, choice, picture.hasEnded);
    const isOver = picture?.isOver === true;
    const lockedMs = picture ? shownUntilMs(this.#clock, nowMs) : Number.POSITIVE_INFINITY;
    const untilMs = isStep ? (isOver ? Number.POSITIVE_INFINITY : playingMs) : lockedMs;
    const youId = state.you?.id ?? null;
    // What has been shown once keeps its place, also while the past is read.
    this.#due = showDue(this.#due, state.lines, { untilMs: lockedMs, youId });
    const ask = isStep && !isOver ? this.#plan.next(playingMs, nowMs) : null;
    const { fetched } = this.#plan;
    const lines = isStep ? replayLines({ ...state, fetched, untilMs }) : this.#due;
    const counts = dueCounts(this.#counts, lockedMs);
    this.#counts = counts.line;
    const { pinned, tally } = state;
    this.#show({
      lines,
      waiting: isStep ? 0 : state.lines.length - this.#due.length,
      isLocked: this.#clock.isLocked,
      past: this.#mode.isBehind ? (isStep ? 'step' : 'live') : null,
      pinned: pinned && isDue(pinned, { untilMs, youId }) ? pinned : null,
      reactions: counts.line.shown,
      poll: tally?.poll && isPollDue(tally.poll, lockedMs) ? tally.poll : null,
    });
    return { shown: this.shown, risen: counts.risen, ask };
  }

  #read({ playingMs, edgeMs, isLive, hasEnded, isOver }: PictureReading, nowMs: number, choice: SpoilerChoice): void {
    this.#clock = readPictureClock(this.#clock, { readingMs: playingMs, nowMs, edgeMs, isLive, choice });
    const newestMs = Math.min(nowMs, edgeMs ?? nowMs);
    this.#mode = readReplayMode(this.#mode, { playingMs: this.#clock.playingMs, newestMs, hasEnded, isOver });
  }

  #show(next: Shown): void {
    const before = this.shown;
    const lines = isSame(before.lines, next.lines) ? before.lines : next.lines;
    const shown = { ...next, lines };
    const isUnchanged = (Object.keys(shown) as (keyof Shown)[]).every((key) => shown[key] === before[key]);
    if (!isUnchanged) this.shown = shown;
  }
}

const isSame = (before: readonly Line[], now: readonly Line[]): boolean =>
  before === now || (before.length === now.length && before.every((line, index) => isSameLine(line, now[index])));

/** What was fetched makes a new line each time; a message is the same object while nothing of it changes. */
const isSameLine = (before: Line, now: Line | undefined): boolean =>
  before === now || (before.kind === 'message' && now?.kind === 'message' && before.message === now.message);

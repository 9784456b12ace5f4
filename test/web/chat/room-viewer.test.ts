// What one viewer is shown of a room: nothing ahead of their own picture, and of the past what was said then.
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/protocol/chat/message.ts';
import type { RoomEvent, ServerFrame } from '../../../src/protocol/chat.ts';
import type { SpoilerChoice } from '../../../src/web/chat/picture-clock.ts';
import { replayLines } from '../../../src/web/chat/replay-lines.ts';
import type { Ask } from '../../../src/web/chat/replay-plan.ts';
import { type PictureReading, RoomViewer, type Shown } from '../../../src/web/chat/room-viewer.ts';
import { EMPTY_ROOM, type RoomState } from '../../../src/web/chat/state.ts';
import { takeFrame } from '../../../src/web/chat/take-frame.ts';
import { announced, asked, hello, person, pinnedAt, removed, SENT_AT_MS, said, tallied } from './frames.ts';

const TICK_MS = 200;
const LIVE: PictureReading = { playingMs: null, edgeMs: null, isLive: true, hasEnded: false, isOver: false };
const ENDED: PictureReading = { ...LIVE, isLive: false, hasEnded: true };

/** A page beside a picture; what it asks of the past is answered by the test. */
class Page {
  viewer = new RoomViewer(SENT_AT_MS);
  state: RoomState = EMPTY_ROOM;
  choice: SpoilerChoice = 'auto';
  readonly asks: Ask[] = [];
  readonly hearts: number[] = [];
  shown: Shown = this.viewer.shown;

  hear(frame: ServerFrame | RoomEvent, nowMs: number): void {
    this.state = takeFrame(this.state, frame as ServerFrame, nowMs);
    this.viewer.hear(frame as ServerFrame, nowMs);
  }
  look(picture: PictureReading, nowMs: number): Shown {
    const { shown, risen, ask } = this.viewer.look({ state: this.state, picture, nowMs, choice: this.choice });
    if (risen.heart) this.hearts.push(risen.heart);
    if (ask) this.asks.push(ask);
    this.shown = shown;
    return shown;
  }
  get texts(): string[] {
    return this.shown.lines.map((line) =>
      line.kind === 'message' ? line.message.text : line.kind === 'announcement' ? line.text : line.kind,
    );
  }
}

describe('two players eight seconds apart', () => {
  const goalMs = SENT_AT_MS + 20_000;
  const pages = [1_000, 9_000].map((lagMs) => ({ lagMs, page: new Page(), seenAt: new Map<string, number>() }));
  const tell = (frame: ServerFrame | RoomEvent, nowMs: number) => {
    for (const { page } of pages) page.hear(frame, nowMs);
  };
  const openedAt = new Date(goalMs + 1_000).toISOString();
  const poll = asked('Was it offside?', { mediaTimeMs: goalMs, openedAt });
  tell(hello([said(1, 'Good evening')]), SENT_AT_MS);
  for (let nowMs = SENT_AT_MS; nowMs < SENT_AT_MS + 60_000; nowMs += TICK_MS) {
    const sinceGoal = nowMs - goalMs;
    // Whoever is nearest sees it a second after it fell, and everything begins at once.
    if (sinceGoal === 1_000) {
      const at = { mediaTimeMs: goalMs, sentAt: new Date(nowMs).toISOString() };
      tell(said(2, 'GOAL', { author: person('eve'), ...at }), nowMs);
      tell(announced(3, 'One to nil', { mediaTimeMs: goalMs, at: new Date(nowMs).toISOString() }), nowMs);
      tell(pinnedAt(4, said(2, 'GOAL', { author: person('eve'), ...at })), nowMs);
      tell(tallied({ heart: 40 }, {}, goalMs), nowMs);
      tell(tallied({ heart: 60 }, { poll }, goalMs + 400), nowMs);
    }
    // Somebody who is late reacts to the play before it: what they do tells nothing, but the totals have the goal in them.
    if (sinceGoal === 3_000) tell(tallied({ heart: 61 }, { poll }, goalMs - 6_000), nowMs);
    for (const { lagMs, page, seenAt } of pages) {
      const shown = page.look({ ...LIVE, playingMs: nowMs - lagMs }, nowMs);
      const seen = [
        ...page.texts,
        ...(shown.pinned ? ['the pin'] : []),
        ...(shown.poll ? ['the poll'] : []),
        ...(shown.reactions?.heart ? ['hearts'] : []),
        ...(page.hearts.length > 0 ? ['a burst'] : []),
      ];
      for (const what of seen) if (!seenAt.has(what)) seenAt.set(what, nowMs - goalMs);
    }
  }
  const [near, far] = pages;

  it.each(['GOAL', 'One to nil', 'the pin', 'the poll', 'hearts', 'a burst'])(
    '%s never precedes the goal on either, and is there when it falls',
    (what) => {
      expect(near?.seenAt.get(what)).toBe(1_000);
      expect(far?.seenAt.get(what)).toBe(9_000);
    },
  );

  it('counts are whole in the end, and what rises is what has risen', () => {
    for (const { page } of pages) {
      expect(page.shown.reactions?.heart).toBe(61);
      expect(page.hearts.reduce((sum, count) => sum + count, 0)).toBe(61);
    }
  });
});

describe('a poll', () => {
  it('appears with the picture that it was asked about', () => {
    const page = new Page();
    const nowMs = SENT_AT_MS + 30_000;
    page.hear(hello(), nowMs);
    const openedAt = new Date(nowMs).toISOString();
    page.hear(tallied({}, { poll: asked('Encore?', { mediaTimeMs: nowMs - 1_000, openedAt }) }), nowMs);
    expect(page.look({ ...LIVE, playingMs: nowMs - 9_000 }, nowMs).poll).toBeNull();
    expect(page.look({ ...LIVE, playingMs: nowMs - 1_200 }, nowMs + 7_800).poll).toBeNull();
    expect(page.look({ ...LIVE, playingMs: nowMs - 1_000 }, nowMs + 8_000).poll?.question).toBe('Encore?');
  });
});

describe('the past of a stream', () => {
  const START_MS = SENT_AT_MS;
  /** Said at this second of the programme, by somebody a second behind it. */
  const at = (seq: number, second: number, text: string): RoomEvent & Message => {
    const mediaTimeMs = START_MS + second * 1000;
    return said(seq, text, { mediaTimeMs, sentAt: new Date(mediaTimeMs + 1_000).toISOString() });
  };
  const programme = [at(1, 2, 'kick-off'), at(2, 20, 'GOAL'), at(3, 22, 'what a goal'), at(4, 50, 'the end')];
  const answerAll = (page: Page, gone: readonly string[] = []) => {
    for (const ask of page.asks.splice(0)) {
      const isIn = ({ mediaTimeMs }: Message) => mediaTimeMs! >= ask.fromMs && mediaTimeMs! < ask.toMs;
      const messages = programme.filter((message) => isIn(message) && !gone.includes(message.text));
      page.viewer.took(ask, { messages, nextCursor: null });
    }
  };
  const play = (page: Page, second: number, picture: Partial<PictureReading> = {}, nowMs = START_MS + 3_600_000) => {
    const reading = { ...ENDED, ...picture, playingMs: START_MS + second * 1000 };
    page.look(reading, nowMs);
    answerAll(page);
    page.look(reading, nowMs);
    answerAll(page);
    page.look(reading, nowMs);
    return page.texts;
  };

  it('is replayed in step with the picture of a stream that has ended, and goes back with it', () => {
    const page = new Page();
    expect(play(page, 0)).toEqual([]);
    expect(page.shown.past).toBe('step');
    expect(play(page, 3)).toEqual(['kick-off']);
    expect(play(page, 19.9)).toEqual(['kick-off']);
    expect(play(page, 20)).toEqual(['kick-off', 'GOAL']);
    expect(play(page, 51)).toEqual(['kick-off', 'GOAL', 'what a goal', 'the end']);
    expect(play(page, 5)).toEqual(['kick-off']);
  });

  it('keeps what was said during it once it has been seen to its end', () => {
    const page = new Page();
    play(page, 58);
    expect(play(page, 60, { isOver: true })).toEqual(['kick-off', 'GOAL', 'what a goal', 'the end']);
  });

  it('never shows what was removed, not even what was fetched before', () => {
    const page = new Page();
    page.hear(hello(), START_MS);
    expect(play(page, 21)).toEqual(['kick-off', 'GOAL']);
    page.hear(removed(9, programme[1]!.id), START_MS);
    expect(play(page, 30)).toEqual(['kick-off', 'what a goal']);
  });

  it('has what was announced, once, also where the socket has told it', () => {
    const page = new Page();
    const at = new Date(START_MS).toISOString();
    page.hear(hello([announced(4, 'Half time', { id: 'ms_past', mediaTimeMs: null, at })]), START_MS);
    const [first] = programme;
    const past = { ...first!, id: 'ms_past' as never, seq: 4, text: 'Half time', mediaTimeMs: null, sentAt: at };
    const fetched = [{ ...past, isAnnouncement: true as const }];
    const rest = { fetched, clearedUpToSeq: 9, untilMs: Number.POSITIVE_INFINITY };
    const lines = replayLines({ ...rest, lines: page.state.lines, removed: [] });
    expect(lines).toMatchObject([{ kind: 'announcement', text: 'Half time' }]);
    page.hear(removed(5, past.id), START_MS);
    expect(page.state.lines).toEqual([]);
    expect(replayLines({ ...rest, lines: page.state.lines, removed: page.state.removed })).toEqual([]);
  });

  it('shows nothing of what was cleared, and what was said since', () => {
    const page = new Page();
    page.hear(hello(), START_MS);
    expect(play(page, 21)).toEqual(['kick-off', 'GOAL']);
    const at = new Date(START_MS).toISOString();
    page.hear({ kind: 'cleared', seq: 9, streamId: programme[0]!.streamId, upToSeq: programme[1]!.seq!, at }, START_MS);
    expect(play(page, 30)).toEqual(['what a goal']);
  });

  it('is replayed to who has gone back in a live stream, and the live chat is one wish away', () => {
    const page = new Page();
    const nowMs = START_MS + 60_000;
    page.hear(hello(programme), nowMs);
    expect(play(page, 59, LIVE, nowMs)).toEqual(['kick-off', 'GOAL', 'what a goal', 'the end']);
    expect(page.shown.past).toBeNull();
    expect(play(page, 21, LIVE, nowMs)).toEqual(['kick-off', 'GOAL']);
    page.viewer.wish('live');
    expect(play(page, 21, LIVE, nowMs)).toEqual(['kick-off', 'GOAL', 'what a goal', 'the end']);
    expect(page.shown.past).toBe('live');
    page.viewer.wish('step');
    expect(play(page, 21, LIVE, nowMs)).toEqual(['kick-off', 'GOAL']);
    expect(play(page, 58, LIVE, nowMs)).toEqual(['kick-off', 'GOAL', 'what a goal', 'the end']);
    expect(page.shown.past).toBeNull();
  });

  it('has a question before its answer, though whoever asked it beside no picture said when and not where', () => {
    const page = new Page();
    const asking = said(5, 'who is that?', { sentAt: new Date(START_MS + 31_000).toISOString() });
    const answering = at(6, 30, 'the goalkeeper');
    page.hear(hello([asking, answering]), START_MS + 60_000);
    expect(play(page, 29.9)).not.toContain('who is that?');
    expect(play(page, 30).slice(-2)).toEqual(['who is that?', 'the goalkeeper']);
  });

  it('is not where everybody is late together: at the edge of a slow stream nobody is ahead', () => {
    const page = new Page();
    const nowMs = START_MS + 60_000;
    page.hear(hello(programme), nowMs);
    expect(play(page, 40, { ...LIVE, edgeMs: START_MS + 41_000 }, nowMs)).toHaveLength(4);
    expect(page.shown).toMatchObject({ past: null, isLocked: false });
    play(page, 21, { ...LIVE, edgeMs: START_MS + 41_000 }, nowMs);
    expect(page.shown).toMatchObject({ past: 'step', isLocked: true });
  });

  it('is not forced on who wants no lock', () => {
    const page = new Page();
    page.choice = 'off';
    page.hear(hello(programme), START_MS + 60_000);
    expect(play(page, 21, LIVE, START_MS + 60_000)).toHaveLength(4);
    expect(page.shown.past).toBe('live');
  });
});

it('says nothing new as long as nothing has changed', () => {
  const page = new Page();
  page.hear(hello([said(1, 'hi')]), SENT_AT_MS);
  const first = page.look({ ...LIVE, playingMs: SENT_AT_MS }, SENT_AT_MS + 1_000);
  expect(page.look({ ...LIVE, playingMs: SENT_AT_MS + 200 }, SENT_AT_MS + 1_200)).toBe(first);
});

// The page's line to what the room counts: tallies in, taps out. It reads without a ticket, so it needs to know nobody.
import { signal } from '@preact/signals';
import { FINAL_CLOSINGS, readCloseReason } from '../../protocol/chat/closing.ts';
import type { ReactionName } from '../../protocol/chat/reaction-words.ts';
import type { ReactionTotals } from '../../protocol/chat/reactions.ts';
import type { ServerFrame } from '../../protocol/chat/server-frames.ts';
import type { Tally } from '../../protocol/chat/tally.ts';
import { API_PREFIX, PASS_PARAMETER } from '../../protocol/paths.ts';
import { NO_TAPS, SEND_EVERY_MS, taken, tapped } from './tap-batch.ts';

const RETRY_BASE_MS = 2000;
const RETRY_MAX_MS = 30_000;

interface Around {
  streamId: string;
  pass(): string | null;
  /** Programme time of what is on the screen, Unix ms. */
  playingMs(): number | null;
  /** These came since the last tally. */
  onBurst(taps: Partial<ReactionTotals>): void;
}

export type CountsDoor = ReturnType<typeof openCounts>;

export function openCounts({ streamId, pass, playingMs, onBurst }: Around) {
  const tally = signal<Tally | null>(null);
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let failures = 0;
  let isOver = false;
  let batch = NO_TAPS;

  const take = (frame: ServerFrame) => {
    if (frame.kind === 'hello') {
      failures = 0;
      tally.value = frame.tally;
    } else if (frame.kind === 'tally') {
      const before = tally.peek();
      tally.value = frame.tally;
      if (before) onBurst(risen(before.reactions, frame.tally.reactions));
    }
  };
  const connect = () => {
    timer = null;
    const query = new URLSearchParams({ v: '1' });
    const current = pass();
    if (current !== null) query.set(PASS_PARAMETER, current);
    const opened = new WebSocket(
      `${location.origin.replace(/^http/, 'ws')}${API_PREFIX}/streams/${streamId}/room?${query}`,
    );
    socket = opened;
    opened.onmessage = ({ data }) => take(JSON.parse(String(data)) as ServerFrame);
    opened.onclose = ({ reason }) => {
      if (isOver || socket !== opened) return;
      const said = readCloseReason(reason);
      if (said && FINAL_CLOSINGS.includes(said.closing)) return;
      const backoff = Math.min(RETRY_MAX_MS, RETRY_BASE_MS * 2 ** failures) * (0.5 + Math.random());
      const { fromMs, toMs } = said?.retry ?? { fromMs: backoff, toMs: backoff };
      failures += 1;
      timer = setTimeout(connect, fromMs + Math.random() * (toMs - fromMs));
    };
  };
  const send = () => {
    if (socket?.readyState !== WebSocket.OPEN) return;
    const next = taken(batch, Date.now());
    if (!next) return;
    batch = next.batch;
    const mediaTimeMs = playingMs();
    const frame = {
      kind: 'react',
      counts: next.counts,
      ...(mediaTimeMs !== null && { mediaTimeMs: Math.round(mediaTimeMs) }),
    };
    socket.send(JSON.stringify(frame));
  };
  const sending = setInterval(send, SEND_EVERY_MS);
  connect();

  return {
    /** Null until the room has said it. */
    tally,
    tap(kind: ReactionName) {
      batch = tapped(batch, kind);
      send();
    },
    close() {
      isOver = true;
      clearInterval(sending);
      if (timer !== null) clearTimeout(timer);
      socket?.close(1000);
    },
  };
}

const risen = (before: ReactionTotals, now: ReactionTotals): Partial<ReactionTotals> =>
  Object.fromEntries(
    (Object.keys(now) as ReactionName[])
      .map((kind) => [kind, now[kind] - before[kind]] as const)
      .filter(([, count]) => count > 0),
  );

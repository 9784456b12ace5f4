// What an open watch page follows: the newest stream of a channel and its state, exact to about a second.
import { Hono } from 'hono';
import { isGated } from '../domain/visibility.ts';
import type { StreamState } from '../protocol/api.ts';
import { FootlightError } from '../protocol/errors.ts';
import { ChannelId, StreamId } from '../protocol/ids.ts';
import type { WatchState } from '../protocol/live.ts';
import { PASS_PARAMETER } from '../protocol/paths.ts';
import { findChannel } from '../storage/channels.ts';
import { recordStreamState, resolvePlayable, type StreamRecord } from '../storage/streams.ts';
import { type AppContext, type AppEnv, baseUrl } from './context.ts';
import { originOf, roomOf } from './objects.ts';
import { toStream } from './representations.ts';
import { placeOf } from './room/caller.ts';
import { judgePass } from './viewers.ts';

/** Pages poll together: all of an isolate's readers within this time share one look. */
const SHARED_FOR_MS = 500;
/** Streams looked at within SHARED_FOR_MS; beyond, the oldest look is forgotten and simply made again. */
const MAX_SHARED = 1000;

type Looked = {
  stream: StreamRecord | null;
  state: StreamState | null;
  viewers: number;
  channelId: ChannelId;
  channelName: string;
};
const looks = new Map<string, { untilMs: number; looked: Promise<Looked | null> }>();

export const liveState = new Hono<AppEnv>();

liveState.get('/:id/state', async (c) => {
  const { id } = c.req.param();
  c.header('Access-Control-Allow-Origin', '*');
  const nowMs = Date.now();
  const look = sharedLook(c.env, id, nowMs);
  // Others wait for it too: it is finished even when this reader leaves.
  c.executionCtx.waitUntil(look.catch(() => null));
  const looked = await look;
  const nothing = new FootlightError('not_found', `There is no stream or channel ${id}. Check the link.`);
  if (!looked) throw nothing;
  const { state, viewers, channelId, channelName } = looked;
  const isShut = looked.stream !== null && isGated(looked.stream.visibility, 'details');
  const isIn = !isShut || (await holdsPass(c, looked.stream!, nowMs));
  // An outsider's channel is as it would be without the stream.
  if (!isIn && id !== channelId) throw nothing;
  const stream = isIn ? looked.stream : null;
  const body: WatchState = {
    channelId,
    channelName,
    stream: stream && toStream(stream, baseUrl(c), state ?? stream.state),
    viewers: stream ? viewers : 0,
    serverTimeMs: nowMs,
  };
  return c.json(body, 200, { 'Cache-Control': isShut && isIn ? 'private, no-store' : 'public, max-age=1' });
});

const holdsPass = async (c: AppContext, gate: StreamRecord, nowMs: number): Promise<boolean> =>
  (await judgePass(c.env, { pass: c.req.query(PASS_PARAMETER), gate, nowMs })) === 'good';

/** One look at a stream or channel for all who ask within half a second. */
export function sharedLook(env: Env, id: string, nowMs: number): Promise<Looked | null> {
  const known = looks.get(id);
  if (known && known.untilMs > nowMs) return known.looked;
  const looked = look(env, id);
  // A failure is not shared: the next reader tries again.
  looked.catch(() => looks.delete(id));
  looks.delete(id);
  looks.set(id, { untilMs: nowMs + SHARED_FOR_MS, looked });
  if (looks.size > MAX_SHARED) looks.delete(looks.keys().next().value!);
  return looked;
}

async function look(env: Env, id: string): Promise<Looked | null> {
  if (!StreamId.safeParse(id).success && !ChannelId.safeParse(id).success) return null;
  const stream = await resolvePlayable(env.DB, id);
  if (stream) {
    const { channelId, channelName } = stream;
    const [state, viewers] = await Promise.all([currentState(env, stream), viewersOf(env, stream)]);
    return { stream, state, viewers, channelId, channelName };
  }
  const channel = id.startsWith('ch_') ? await findChannel(env.DB, id as ChannelId) : null;
  return channel && { stream: null, state: null, viewers: 0, channelId: channel.id, channelName: channel.name };
}

/** Longer than any healthy origin needs; a page would rather have the database's word than wait. */
const ORIGIN_PATIENCE_MS = 2000;

/**
 * The origin's word, since it knows a change before the database does; the database's where the origin does not answer.
 * An end that the database has missed is written down.
 */
export async function currentState(env: Env, stream: StreamRecord): Promise<StreamState> {
  if (stream.state === 'ended') return 'ended';
  const { promise: patience, resolve } = Promise.withResolvers<StreamState>();
  const timer = setTimeout(resolve, ORIGIN_PATIENCE_MS, stream.state);
  const state = await Promise.race([originOf(env, stream.id).state(), patience])
    .catch(() => stream.state)
    .finally(() => clearTimeout(timer));
  if (state === 'ended') await recordStreamState(env.DB, { streamId: stream.id, state, atMs: Date.now() });
  return state;
}

/** Pages that play it now, by the word of its room; 0 where there is no picture or the room does not answer. */
export async function viewersOf(env: Env, stream: StreamRecord): Promise<number> {
  if (stream.state !== 'live') return 0;
  const patience = new Promise<number>((resolve) => setTimeout(resolve, ORIGIN_PATIENCE_MS, 0));
  const counted = roomOf(env, stream.id).viewers(placeOf(stream));
  return Promise.race([counted, patience]).catch(() => 0);
}

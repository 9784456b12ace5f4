// The heartbeat of pages that play: gathered here, so that a room hears of its whole audience in one call a second.
import { Hono } from 'hono';
import { isRobot } from '../domain/chat/presence.ts';
import { isGated } from '../domain/visibility.ts';
import { FootlightError } from '../protocol/errors.ts';
import { senderOf } from '../protocol/network.ts';
import { PASS_PARAMETER } from '../protocol/paths.ts';
import { type Beat, WATCHING_SECONDS } from '../protocol/watching.ts';
import { WatchingQuery } from '../protocol/watching-query.ts';
import { type AppContext, type AppEnv, remoteAddress } from './context.ts';
import { unfit } from './guards/problems.ts';
import { sharedLook } from './live-state.ts';
import { roomOf } from './objects.ts';
import { placeOf } from './room/caller.ts';
import { judgePass } from './viewers.ts';

/** A room hears of what comes within this time in one call. */
const GATHER_MS = 1000;
/** Beats of one call; what is beyond begins the next. */
const TOGETHER_MAX = 2000;
/** Streams gathered for at a time; beyond, each is told by itself. */
const STREAMS_MAX = 1000;

const gathered = new Map<string, Beat[]>();

export const watching = new Hono<AppEnv>();

watching.post('/:id/watching', async (c) => {
  c.header('Access-Control-Allow-Origin', '*');
  c.header('Cache-Control', 'no-store');
  const { id } = c.req.param();
  const query = WatchingQuery.safeParse(c.req.query());
  if (!query.success) throw unfit('query', query.error);
  await requireFewer(c);
  const nowMs = Date.now();
  const look = sharedLook(c.env, id, nowMs);
  c.executionCtx.waitUntil(look.catch(() => null));
  const stream = (await look)?.stream ?? null;
  const isIn =
    stream !== null &&
    (!isGated(stream.visibility, 'media') ||
      (await judgePass(c.env, { pass: c.req.query(PASS_PARAMETER), gate: stream, nowMs })) === 'good');
  if (!isIn) throw new FootlightError('not_found', `There is nothing to watch at ${id}. Check the link.`);
  const { viewer, played, left } = query.data;
  const isLeaving = left !== undefined;
  // What does not play is not watched, and what says that it is a program is nobody.
  if ((played > 0 || isLeaving) && !isRobot(c.req.header('User-Agent')) && stream.state !== 'ended')
    gather(c, stream, { viewer, isLeaving });
  return c.body(null, 204);
});

type Place = Parameters<typeof placeOf>[0];

function gather(c: AppContext, stream: Place, beat: Beat): void {
  const open = gathered.get(stream.id);
  if (open && open.length < TOGETHER_MAX) {
    open.push(beat);
    return;
  }
  const beats = [beat];
  if (gathered.size < STREAMS_MAX || open) gathered.set(stream.id, beats);
  c.executionCtx.waitUntil(tellLater(c.env, stream, beats));
}

async function tellLater(env: Env, stream: Place, beats: Beat[]): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
  if (gathered.get(stream.id) === beats) gathered.delete(stream.id);
  await roomOf(env, stream.id)
    .watching(placeOf(stream), beats)
    .catch((error) => console.error(`The room of ${stream.id} has not heard of ${beats.length} viewers.`, error));
}

/** An address stands for a household or an office, not for an audience. */
async function requireFewer(c: AppContext): Promise<void> {
  const { success } = await c.env.WATCHING_LIMIT.limit({ key: senderOf(remoteAddress(c)) });
  if (success) return;
  const detail = 'More viewers than one address can have say that they watch. They watch on without being counted.';
  throw new FootlightError('rate_limited', detail, { retryAfterSeconds: WATCHING_SECONDS });
}

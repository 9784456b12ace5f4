// The doors for transcoder nodes: ask for leave to publish, report, and open the publish socket.
import { Hono } from 'hono';
import type { z } from 'zod';
import { FootlightError } from '../protocol/errors.ts';
import { SessionId, StreamId } from '../protocol/ids.ts';
import { AuthorizePublish, Heartbeat, PUBLISH_VERSION } from '../protocol/ingest.ts';
import { senderOf } from '../protocol/network.ts';
import { channelOfKey, grantPublish, mintSessionId } from './admission.ts';
import type { AppContext, AppEnv } from './context.ts';
import { fromNode } from './guards/authenticate.ts';
import { atMostBytes, ofType, spendWrite } from './guards/limits.ts';
import { unfit } from './guards/problems.ts';
import { fleetOf, originOf } from './objects.ts';

/** A heartbeat with its thousand sessions fits well within. */
const MAX_BODY_BYTES = 128 * 1024;

export const ingest = new Hono<AppEnv>();
ingest.use(fromNode, atMostBytes(MAX_BODY_BYTES), ofType('application/json'));

ingest.post('/authorize', async (c) => {
  const { streamKey, remoteAddress, nodeId, protocol } = await readJson(c, AuthorizePublish);
  // Counted before the key is looked up: guessing must not cost us a query each.
  await spendWrite(c, `publish:${senderOf(remoteAddress)}`);
  const { channel } = await channelOfKey(c.env.DB, streamKey);
  const grant = await grantPublish(c.env, { channel, sessionId: mintSessionId(), nodeId, protocol });
  return c.json(grant, 200, { 'Cache-Control': 'no-store' });
});

ingest.post('/heartbeat', async (c) => {
  await fleetOf(c.env).heartbeat(await readJson(c, Heartbeat));
  return c.body(null, 204);
});

ingest.get('/publish', async (c) => {
  const { stream, session, v } = c.req.query();
  if (c.req.header('Upgrade')?.toLowerCase() !== 'websocket') throw refused('is not a WebSocket upgrade');
  if (v !== String(PUBLISH_VERSION)) throw refused(`speaks version ${v ?? 'none'} and we speak ${PUBLISH_VERSION}`);
  const streamId = StreamId.safeParse(stream);
  if (!streamId.success || !SessionId.safeParse(session).success) throw refused('names no stream and session');
  const answer = await originOf(c.env, streamId.data).fetch(c.req.raw);
  // The headers of a refusal are made our own, so that the guards can add theirs; a socket is handed on as it is.
  return answer.webSocket ? answer : new Response(answer.body, answer);
});

async function readJson<Schema extends z.ZodType>(c: AppContext, schema: Schema): Promise<z.infer<Schema>> {
  const body: unknown = await c.req.json().catch(() => undefined);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw unfit('body', parsed.error);
}

const refused = (what: string) =>
  new FootlightError(
    'invalid_request',
    `The request for the publish socket ${what}. Update the transcoder to the version of the edge.`,
  );

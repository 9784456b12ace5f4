// The WHIP door (RFC 9725): checks the key, picks a node, and relays between the encoder and that node.
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import type { WhipSession } from '../../durable-objects/fleet.ts';
import { readBearer } from '../auth/bearer-token.ts';
import { hashSecret, isSameSecret } from '../auth/secrets.ts';
import { FootlightError } from '../protocol/errors.ts';
import { senderOf } from '../protocol/network.ts';
import { WHIP_PATH } from '../protocol/paths.ts';
import { channelOfKey } from './admission.ts';
import { type AppContext, type AppEnv, baseUrl, remoteAddress } from './context.ts';
import { atMostBytes, ofType, spendWrite } from './guards/limits.ts';
import { fleetOf } from './objects.ts';
import { iceServerLinks } from './whip/ice-servers.ts';
import { askNode } from './whip/node-relay.ts';
import { startSession } from './whip/start-session.ts';

/** The limits of WhipOffer and WhipPatch. */
const MAX_OFFER_BYTES = 100_000;
const MAX_FRAGMENT_BYTES = 20_000;
const SDP = 'application/sdp';
const FRAGMENT = 'application/trickle-ice-sdpfrag';

export const whip = new Hono<AppEnv>();

// Row 8. hono answers a preflight itself with 204; row 7 wants 200, so OPTIONS passes it by.
const crossOrigin = cors({
  origin: '*',
  exposeHeaders: ['Location', 'ETag', 'Link', 'Retry-After', 'X-Request-Id', 'WWW-Authenticate'],
});
whip.use((c, next) => (c.req.method === 'OPTIONS' ? next() : crossOrigin(c, next)));

const onEndpoint = '/';
const onSession = '/:session{se_[a-z0-9]+}';

whip.post(onEndpoint, atMostBytes(MAX_OFFER_BYTES), ofType(SDP), async (c) => {
  await spendWrite(c, `whip:${senderOf(remoteAddress(c))}`);
  const streamKey = requiredToken(c);
  const offer = await readText(c);
  requireSdp(offer);
  const opened = await channelOfKey(c.env.DB, streamKey);
  const { session, answer, etag } = await startSession(c.env, {
    ...opened,
    offer,
    region: regionOf(c),
    waitUntil: (work) => c.executionCtx.waitUntil(work),
  });
  // Rows 2 and 14: absolute, on the host that PATCH and DELETE are to reach. A string body has its length sent along,
  // which ffmpeg's muxer depends on.
  const headers = new Headers({
    'Content-Type': SDP,
    Location: `${baseUrl(c)}${WHIP_PATH}/${session.sessionId}`,
    ETag: etag,
    'Cache-Control': 'no-store',
  });
  for (const link of iceServerLinks(c.env.ICE_SERVERS)) headers.append('Link', link);
  return c.newResponse(answer, 201, Object.fromEntries(headers));
});

whip.patch(onSession, atMostBytes(MAX_FRAGMENT_BYTES), ofType(FRAGMENT), async (c) => {
  const session = await ownSession(c);
  const ifMatch = c.req.header('If-Match');
  if (!ifMatch) {
    throw new FootlightError(
      'precondition_required',
      'A PATCH must say which ICE session it means. Send If-Match with the ETag of the 201.',
    );
  }
  await askNode(c.env, session.controlUrl, {
    method: 'PATCH',
    path: `/whip/sessions/${session.sessionId}`,
    body: { ifMatch, fragment: await readText(c) },
  });
  return c.body(null, 204);
});

whip.delete(onSession, async (c) => {
  const session = await ownSession(c);
  const path = `/whip/sessions/${session.sessionId}`;
  const outcome = await askNode(c.env, session.controlUrl, { method: 'DELETE', path }).catch(asOutcome);
  // The node may have ended it by itself a moment ago: then it is gone as asked.
  if (outcome instanceof FootlightError && outcome.code !== 'not_found') throw outcome;
  await fleetOf(c.env).dropWhipSession(session.sessionId);
  // Row 13, and OBS takes any other success for a failure.
  return c.body(null, 200);
});

// Row 6: on both, 2xx without content. Nothing is looked up, so nothing is told.
for (const path of [onEndpoint, onSession]) whip.get(path, (c) => c.body(null, 204));
whip.options(onEndpoint, (c) => preflight(c, { methods: 'POST, GET, OPTIONS', accept: { 'Accept-Post': SDP } }));
whip.options(onSession, (c) =>
  preflight(c, { methods: 'PATCH, DELETE, GET, OPTIONS', accept: { 'Accept-Post': SDP, 'Accept-Patch': FRAGMENT } }),
);

function preflight(c: AppContext, { methods, accept }: { methods: string; accept: Record<string, string> }): Response {
  const headers = new Headers({
    ...accept,
    Allow: methods,
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': 'POST, PATCH, DELETE, OPTIONS, GET',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, If-Match',
    'Access-Control-Expose-Headers': 'Location, ETag, Link, Retry-After',
    'Access-Control-Max-Age': '600',
  });
  return c.newResponse(null, 200, Object.fromEntries(headers));
}

/** Row 17: the bearer token, or the token in the URL for senders that cannot set a header. */
function requiredToken(c: AppContext): string {
  const token = readBearer(c.req.raw.headers) ?? c.req.query('token');
  if (token) return token;
  throw new FootlightError(
    'invalid_stream_key',
    'No stream key came along. Send it as Authorization: Bearer <stream key>.',
  );
}

/** `c.req.text()` warns of types that it does not take for text, SDP among them. */
const readText = async (c: AppContext): Promise<string> => new TextDecoder().decode(await c.req.arrayBuffer());

/** Enough to tell SDP from anything else; what it offers is the node's to judge. */
function requireSdp(offer: string): void {
  if (/^v=0\r?\n/.test(offer) && /^m=(audio|video) /m.test(offer) && /^a=ice-ufrag:/m.test(offer)) return;
  throw new FootlightError(
    'invalid_sdp',
    'The body is not an SDP offer with media and ICE credentials. Send what createOffer gave.',
  );
}

/** The session in the path, for who opened it or who holds the channel's key now. */
async function ownSession(c: AppContext): Promise<WhipSession> {
  await spendWrite(c, `whip:${senderOf(remoteAddress(c))}`);
  const token = requiredToken(c);
  const session = await fleetOf(c.env).findWhipSession(c.req.param('session') ?? '');
  const isOpener = session !== null && (await isSameSecret(await hashSecret(token), session.keyHash));
  if (!isOpener) {
    const { channel } = await channelOfKey(c.env.DB, token);
    if (session && session.channelId !== channel.id) {
      throw new FootlightError('forbidden', 'The session belongs to another channel. Use the key that opened it.');
    }
  }
  if (!session)
    throw new FootlightError('not_found', 'The session has ended, or never was. Start a new one with a POST.');
  return session;
}

/** Continents as Cloudflare names them are as near as placement needs to know. */
const regionOf = (c: AppContext): string | null => {
  const { cf } = c.req.raw;
  return typeof cf?.continent === 'string' ? cf.continent.toLowerCase() : null;
};

function asOutcome(error: unknown): FootlightError {
  if (error instanceof FootlightError) return error;
  throw error;
}

// Playlists and media for players. The one file that changes when fan-out grows.

import type { Context } from 'hono';
import { Hono } from 'hono';
import { inheritedQuery, mapUris } from '../domain/hls/playlist-uris.ts';
import { isGated } from '../domain/visibility.ts';
import type { StreamId } from '../protocol/ids.ts';
import type { MediaAnswer, PlaylistAnswer } from '../protocol/origin.ts';
import { readMedia } from '../storage/media.ts';
import type { AppEnv } from './context.ts';
import { originOf } from './objects.ts';
import { type Answer, LIFETIME, toPreflight, toRefusal, toResponse } from './playback/answer.ts';
import { gateRefusal } from './playback/gate.ts';
import { findPlayable } from './playback/playable.ts';
import { type Outcome, share } from './playback/sharing.ts';

type Look = (env: Env, streamId: StreamId) => Promise<Outcome>;

const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl; charset=utf-8';

export const playback = new Hono<AppEnv>();

playback.options('/:id/*', () => toPreflight());

playback.get('/:id/index.m3u8', (c) =>
  serve(c, { isForChannels: true }, async (env, streamId) =>
    fromPlaylist(await originOf(env, streamId).multivariantPlaylist(), { lifetime: LIFETIME.multivariant }),
  ),
);

playback.get('/:id/poster.jpg', (c) =>
  serve(c, { isForChannels: true, offering: 'poster' }, async (env, streamId) =>
    fromMedia(env, await originOf(env, streamId).poster(), { contentType: 'image/jpeg', lifetime: LIFETIME.poster }),
  ),
);

playback.get('/:id/:rendition{[a-z0-9]{1,12}}/index.m3u8', (c) => {
  const directives = directivesOf(c.req.query());
  return serve(c, { directives }, async (env, streamId) =>
    fromPlaylist(await originOf(env, streamId).mediaPlaylist(c.req.param('rendition'), directives), {
      lifetime: LIFETIME.passing,
    }),
  );
});

playback.get('/:id/:rendition{[a-z0-9]{1,12}}/:generation{g[0-9]{1,9}}/:file', (c) => {
  const { rendition, generation: folder, file } = c.req.param();
  const generation = Number(folder.slice(1));
  return serve(c, {}, async (env, streamId) => {
    const origin = originOf(env, streamId);
    const [, msn, part] = /^(\d{1,12})(?:\.(\d{1,4}))?\.m4s$/.exec(file) ?? [];
    const contentType = rendition === 'audio' ? 'audio/mp4' : 'video/mp4';
    const kind = { contentType, lifetime: LIFETIME.immutable };
    if (file === 'init.mp4') return fromMedia(env, await origin.initSegment(rendition, generation), kind);
    if (msn === undefined) return { ok: false, code: 'not_found', detail: `No media has the name ${file}.` };
    if (part === undefined) return fromMedia(env, await origin.segment(rendition, generation, Number(msn)), kind);
    return fromMedia(env, await origin.part(rendition, generation, Number(msn), Number(part)), kind);
  });
});

playback.all('/:id/*', (c) =>
  toRefusal(
    { code: 'not_found', detail: `Nothing is played at ${c.req.path}. Start from the multivariant playlist.` },
    Date.now(),
  ),
);

interface Kind {
  /** Else it belongs to one stream, and the address of a channel is sent on to that of its stream. */
  isForChannels?: boolean;
  directives?: Record<string, string>;
  offering?: 'media' | 'poster';
}

const nothingToPlay = (id: string) => ({
  code: 'not_found' as const,
  detail: `There is no stream or channel ${id} to play. Check the link; a channel plays once its first stream is made.`,
});

/** What was given to one viewer of a gated stream is for no cache on the way. */
const kept = (answer: Answer): Answer => ({ ...answer, lifetime: answer.lifetime.replace('public', 'private') });

async function serve(
  c: Context<AppEnv>,
  { isForChannels = false, directives = {}, offering = 'media' }: Kind,
  look: Look,
): Promise<Response> {
  const url = new URL(c.req.url);
  const id = c.req.param('id') ?? '';
  const waitUntil = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  const stream = await findPlayable(c.env.DB, id, { nowMs: Date.now(), waitUntil });
  if (!stream) return toRefusal(nothingToPlay(id), Date.now());
  const { id: streamId } = stream;
  const isShut = isGated(stream.visibility, offering);
  // Before anything that is shared: no cache may answer an outsider.
  const refusal = isShut ? await gateRefusal(c.env, { url, gate: stream, nowMs: Date.now() }) : null;
  if (refusal) return toRefusal(refusal === 'unknown' ? nothingToPlay(id) : refusal, Date.now(), { isShut });
  // Behind /live/{id}: the id itself may be written in more than one way.
  const path = `/live/${streamId}/${url.pathname.split('/').slice(3).join('/')}`;
  if (id !== streamId && !isForChannels) return toStreamOf(path + url.search);
  const outcome = await share({
    key: `${url.origin}${path}?${new URLSearchParams(directives)}`,
    edgeCache: c.env.EDGE_CACHE === 'on',
    nowMs: Date.now(),
    waitUntil,
    look: () => look(c.env, streamId),
  });
  if (!('body' in outcome)) return toRefusal(outcome, Date.now(), { isShut });
  return toResponse(
    forViewer(isShut ? kept(outcome) : outcome, { url, base: id === streamId ? '' : `../${streamId}/` }),
    Date.now(),
    c.req.header('Range'),
  );
}

/** A playlist's URIs carry the viewer's own query, and from a channel they lead to its stream. */
function forViewer(answer: Answer, { url, base }: { url: URL; base: string }): Answer {
  const query = inheritedQuery(url.searchParams);
  if (typeof answer.body !== 'string' || (query === '' && base === '')) return answer;
  return { ...answer, body: mapUris(answer.body, (uri) => `${base}${uri}${query}`) };
}

/** An immutable URL under a channel would hold the media of two streams. */
function toStreamOf(location: string): Response {
  const response = toPreflight();
  response.headers.set('Location', location);
  response.headers.set('Cache-Control', LIFETIME.none);
  return new Response(null, { status: 307, headers: response.headers });
}

/** In one order and without what means nothing, so that equal requests have equal keys. */
const directivesOf = ({ _HLS_msn, _HLS_part, _HLS_skip }: Record<string, string>): Record<string, string> => ({
  ...(_HLS_msn !== undefined && { _HLS_msn }),
  ...(_HLS_part !== undefined && { _HLS_part }),
  ...((_HLS_skip === 'YES' || _HLS_skip === 'v2') && { _HLS_skip }),
});

const fromPlaylist = (playlist: PlaylistAnswer, { lifetime }: { lifetime: string }): Outcome =>
  playlist.ok
    ? {
        body: playlist.body,
        contentType: PLAYLIST_TYPE,
        lifetime: playlist.settled ? LIFETIME.settled : lifetime,
        madeMs: Date.now(),
      }
    : playlist;

async function fromMedia(
  env: Env,
  media: MediaAnswer,
  kind: { contentType: string; lifetime: string },
): Promise<Outcome> {
  if (!media.ok) return media;
  const body = media.at === 'memory' ? media.body : await readMedia(env.MEDIA, media);
  if (!body) return { ok: false, code: 'not_found', detail: 'The media is listed but its bytes are no longer stored.' };
  return { body, ...kind, madeMs: Date.now() };
}

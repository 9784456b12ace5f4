// The watch page, with the playlists that its player will ask for first already in it: two round trips less to the first picture.
import { Hono } from 'hono';
import { firstRendition } from '../domain/hls/first-rendition.ts';
import { FIRST_ANSWERS_ID, type FirstAnswer } from '../protocol/first-answers.ts';
import { playbackPath } from '../protocol/paths.ts';
import { PlayableId } from '../protocol/viewing.ts';
import type { AppContext, AppEnv } from './context.ts';
import { playback } from './playback.ts';

/** The playlists are a gain, and the page is what was asked for: it waits no longer than a round trip would have taken. */
const PATIENCE_MS = 150;
/** Of index.html; before the script that reads them. */
const PLACE = '<!-- first-answers -->';

/** Asked from within: a question to oneself costs no request. */
const doors = new Hono<AppEnv>().route('/live', playback);

export const watchPage = new Hono<AppEnv>();

watchPage.get('/:id', async (c) => {
  const [page, answers] = await Promise.all([
    c.env.ASSETS.fetch(new URL('/', c.req.url)),
    Promise.race([firstAnswers(c).catch(() => []), nothingAfter(PATIENCE_MS)]),
  ]);
  const headers = new Headers(page.headers);
  if (page.status !== 200) return new Response(page.body, { status: page.status, headers });
  // Those of the static file: this page is made for the moment.
  for (const name of ['ETag', 'Content-Length', 'CF-Cache-Status']) headers.delete(name);
  headers.set('Cache-Control', 'no-store');
  return new Response(
    (await page.text()).replace(PLACE, () => toElement(answers)),
    { headers },
  );
});

const nothingAfter = (ms: number) => new Promise<FirstAnswer[]>((resolve) => setTimeout(resolve, ms, []));

/** The multivariant playlist and that of its first rendition, through the doors of playback and their gate. */
async function firstAnswers(c: AppContext): Promise<FirstAnswer[]> {
  const id = PlayableId.safeParse(c.req.param('id'));
  if (!id.success) return [];
  const multivariant = await readPlaylist(c, new URL(playbackPath(id.data), c.req.url));
  if (!multivariant) return [];
  const rendition = firstRendition(multivariant.body, multivariant.url.href);
  const media = rendition === null ? null : await readPlaylist(c, new URL(rendition));
  return [multivariant, media].flatMap((found) => (found ? [{ path: found.url.pathname, body: found.body }] : []));
}

async function readPlaylist(c: AppContext, url: URL): Promise<{ url: URL; body: string } | null> {
  const response = await doors.fetch(new Request(url), c.env, c.executionCtx);
  return response.ok ? { url, body: await response.text() } : null;
}

/** Data, not code: no policy has to allow it. Nothing in it can end the element. */
const toElement = (answers: FirstAnswer[]): string =>
  answers.length === 0
    ? ''
    : `<script type="application/json" id="${FIRST_ANSWERS_ID}">${JSON.stringify(answers).replaceAll('<', '\\u003c')}</script>`;

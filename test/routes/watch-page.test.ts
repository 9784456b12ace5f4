// The watch page leaves the edge with the first playlists of an open stream, and never with those of a gated one.
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { app } from '../../src/app.ts';
import type { CreatedStream } from '../../src/protocol/api.ts';
import { connect } from '../durable-objects/publisher.ts';
import { Broadcast } from '../support/broadcast.ts';
import { BASE, call, openStream } from './support.ts';

const PAGE = '<head><!-- first-answers --><script>read()</script></head>';
const HEADERS = { 'Content-Type': 'text/html', ETag: '"page"', 'Content-Security-Policy': "default-src 'none'" };

/** The page as the browser gets it, around the static file `page`. */
async function open(path: string, page = () => new Response(PAGE, { headers: HEADERS })): Promise<Response> {
  const context = createExecutionContext();
  const assets = { fetch: async () => page() } as unknown as Fetcher;
  const response = await app.fetch(new Request(BASE + path), { ...env, ASSETS: assets }, context);
  await waitOnExecutionContext(context);
  return response;
}

function answersOf(html: string): { path: string; body: string }[] {
  const json = /<script type="application\/json" id="first-answers">([^<]*)<\/script>/.exec(html)?.[1];
  return json === undefined ? [] : JSON.parse(json);
}

const streams: Record<'public' | 'password' | 'private', CreatedStream> = {} as never;
const broadcast = new Broadcast();
beforeAll(async () => {
  for (const visibility of ['public', 'password', 'private'] as const) {
    const stream = await openStream('ada', { visibility, ...(visibility === 'password' && { password: 'swordfish' }) });
    streams[visibility] = stream;
    const publisher = await connect(env.LIVE_ORIGIN.get(env.LIVE_ORIGIN.idFromName(stream.id)), `se_${visibility}`);
    const own = visibility === 'public' ? broadcast : new Broadcast();
    publisher.send(...own.opening(), ...own.segment(0), ...own.segment(1));
    await publisher.stored(own.seq);
  }
});

describe('The watch page', () => {
  test('brings the multivariant playlist and that of its first rendition, as the doors of playback answer them', async () => {
    const { id } = streams.public;
    const response = await open(`/watch/${id}`);
    expect(response.headers.get('Content-Type')).toContain('text/html');
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(response.headers.has('ETag')).toBe(false);
    expect(response.headers.get('Content-Security-Policy')).toBe(HEADERS['Content-Security-Policy']);
    const html = await response.text();
    const answers = answersOf(html);
    const [first] = answers[0]!.body.split('\n').filter((line) => line && !line.startsWith('#'));
    expect(answers.map(({ path }) => path)).toEqual([`/live/${id}/index.m3u8`, `/live/${id}/${first}`]);
    for (const { path, body } of answers) {
      expect(new TextDecoder().decode(await (await call(path)).arrayBuffer())).toBe(body);
    }
    expect(html.indexOf('first-answers')).toBeLessThan(html.indexOf('read()'));
  });

  test('of a channel leads to the playlists of its stream', async () => {
    const answers = answersOf(await (await open(`/watch/${streams.public.channelId}`)).text());
    expect(answers[0]?.path).toBe(`/live/${streams.public.channelId}/index.m3u8`);
  });

  test.each(['password', 'private'] as const)(
    'of a %s stream brings nothing: who has opened it is not known',
    async (kind) => {
      const response = await open(`/watch/${streams[kind].id}`);
      expect(response.status).toBe(200);
      expect(await response.text()).toBe('<head><script>read()</script></head>');
    },
  );

  test.each(['/watch/st_nobody', '/watch/nonsense', '/watch/st_%3Cscript%3E'])(
    'at %s is the page and no more',
    async (path) => {
      const response = await open(path);
      expect(response.status).toBe(200);
      expect(answersOf(await response.text())).toEqual([]);
    },
  );

  test('that is not there is answered as the static files answer it', async () => {
    const response = await open(`/watch/${streams.public.id}`, () => new Response('Gone fishing', { status: 404 }));
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('Gone fishing');
  });
});

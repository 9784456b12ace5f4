// The node's questions to the edge, and how its answers reach a broadcaster.
import { describe, expect, it } from 'vitest';
import { FootlightError, toProblem } from '../../src/protocol/errors.ts';
import { AuthorizePublish } from '../../src/protocol/ingest.ts';
import { createEdge } from '../../transcoder/edge.ts';

const ask = AuthorizePublish.parse({
  nodeId: 'nd_aaaa',
  streamKey: 'key',
  protocol: 'rtmp',
  remoteAddress: '192.0.2.1',
});
const GRANT = { sessionId: 'se_aaaa', streamId: 'st_aaaa', channelId: 'ch_aaaa', latency: 'low' };

const edgeThat = (answer: (url: string, init: RequestInit) => Response | Promise<Response>) =>
  createEdge({
    edgeUrl: 'https://live.example.com/',
    secret: 'node-secret',
    fetch: async (url, init) => answer(String(url), init ?? {}),
  });

describe('the edge, asked by a node', () => {
  it('gives permission', async () => {
    const asked: unknown[] = [];
    const edge = edgeThat((url, { headers, body }) => {
      asked.push(url, headers, JSON.parse(String(body)));
      return Response.json(GRANT);
    });
    expect(await edge.authorize(ask)).toEqual(GRANT);
    expect(asked).toEqual([
      'https://live.example.com/api/v1/ingest/authorize',
      { authorization: 'Bearer node-secret', 'content-type': 'application/json' },
      ask,
    ]);
  });

  it('refuses with its own code and words', async () => {
    const problem = toProblem(new FootlightError('already_publishing', 'Somebody is publishing to this channel.'));
    const edge = edgeThat(() => Response.json(problem, { status: 409 }));
    await expect(edge.authorize(ask)).rejects.toMatchObject({ code: 'already_publishing', message: problem.detail });
  });

  it.each([
    [
      'is away',
      () => Promise.reject(new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') })),
      /cannot be reached \(ECONNREFUSED\)/,
    ],
    ['answers without a reason', () => new Response('oops', { status: 502 }), /answered 502 without a reason/],
    ['gives a permission that cannot be read', () => Response.json({}), /permission cannot be read/],
  ])('that %s is told in words', async (_, answer, words) => {
    await expect(edgeThat(answer).authorize(ask)).rejects.toThrow(words);
  });

  it('takes a heartbeat without a body in the answer', async () => {
    const edge = edgeThat(() => new Response(null, { status: 204 }));
    await expect(
      edge.heartbeat({
        ...{ nodeId: ask.nodeId, controlUrl: 'http://a', rtmpUrl: 'rtmp://a', region: 'local', capacityUnits: 1.4 },
        ...{ usedUnits: 0, draining: false, sessions: [] },
      }),
    ).resolves.toBeUndefined();
  });
});

// The contract of streams.
import { fill } from '../full.ts';
import type { Contract } from './table.ts';

const STREAMS = '/api/v1/streams';

export const streams: Contract = {
  [`post ${STREAMS}`]: {
    good: ({ owner }) => ({ path: STREAMS, as: owner, body: { title: 'A walk by the sea' } }),
    also: {
      '403 forbidden': ({ stranger, stream }) => ({
        path: STREAMS,
        as: stranger,
        body: { title: 'x', channelId: stream.channelId },
      }),
      '404 not_found': ({ owner }) => ({ path: STREAMS, as: owner, body: { title: 'x', channelId: 'ch_nowhere' } }),
      '403 quota_exceeded': async ({ owner }) => {
        await fill.streams_a_day(owner.id);
        return { path: STREAMS, as: owner, body: { title: 'One more' } };
      },
      '409 conflict': ({ owner, stream }) => ({
        path: STREAMS,
        as: owner,
        body: { title: 'x', channelId: stream.channelId },
      }),
    },
  },
  [`get ${STREAMS}`]: {
    good: () => ({ path: `${STREAMS}?state=waiting` }),
    also: {
      '200': ({ owner }) => ({ path: `${STREAMS}?mine=true&state=waiting`, as: owner }),
      '401 unauthenticated': () => ({ path: `${STREAMS}?mine=true` }),
      '403 forbidden': ({ owner }) => ({ path: `${STREAMS}?mine=true`, as: owner, token: owner.weakToken }),
    },
  },
  [`get ${STREAMS}/{id}`]: { good: ({ stream }) => ({ path: `${STREAMS}/${stream.id}` }) },
  [`patch ${STREAMS}/{id}`]: {
    good: ({ owner, stream }) => ({ path: `${STREAMS}/${stream.id}`, as: owner, body: { title: 'Another' } }),
  },
  [`delete ${STREAMS}/{id}`]: { good: ({ owner, stream }) => ({ path: `${STREAMS}/${stream.id}`, as: owner }) },
  [`get ${STREAMS}/{id}/health`]: {
    good: ({ owner, stream }) => ({ path: `${STREAMS}/${stream.id}/health`, as: owner }),
  },
};

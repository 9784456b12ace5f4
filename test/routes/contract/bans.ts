// The contract of bans: on a channel, and everywhere.
import { env } from 'cloudflare:workers';
import { fill } from '../full.ts';
import type { Contract, Scene } from './table.ts';

const on = ({ stream }: Scene): string => `/api/v1/channels/${stream.channelId}/bans`;
const PLATFORM = '/api/v1/bans';
const FOR_A_MINUTE = { seconds: 60, reason: 'Advertisements' };

export const bans: Contract = {
  'get /api/v1/channels/{id}/bans': {
    good: async (scene) => {
      const path = `${on(scene)}/${scene.stranger.id}`;
      await (await scene.send({ method: 'put', path, as: scene.owner, body: FOR_A_MINUTE })).arrayBuffer();
      return { path: on(scene), as: scene.owner };
    },
  },
  'put /api/v1/channels/{id}/bans/{userId}': {
    good: (scene) => ({ path: `${on(scene)}/${scene.stranger.id}`, as: scene.owner, body: FOR_A_MINUTE }),
    also: {
      '403 quota_exceeded': async (scene) => {
        await fill.bans(scene.stream.channelId);
        return { path: `${on(scene)}/${scene.stranger.id}`, as: scene.owner, body: FOR_A_MINUTE };
      },
    },
  },
  'delete /api/v1/channels/{id}/bans/{userId}': {
    good: (scene) => ({ path: `${on(scene)}/${scene.stranger.id}`, as: scene.owner }),
  },
  [`get ${PLATFORM}`]: {
    good: async (scene) => {
      const path = `${PLATFORM}/${scene.stranger.id}`;
      await (await scene.send({ method: 'put', path, as: scene.admin, body: FOR_A_MINUTE })).arrayBuffer();
      return { path: PLATFORM, as: scene.admin };
    },
  },
  [`put ${PLATFORM}/{userId}`]: {
    good: (scene) => ({ path: `${PLATFORM}/${scene.stranger.id}`, as: scene.admin, body: { seconds: null } }),
    also: {
      '403 quota_exceeded': async (scene) => {
        await fill.bans('platform');
        try {
          return await scene.send({
            method: 'put',
            path: `${PLATFORM}/${scene.stranger.id}`,
            as: scene.admin,
            body: FOR_A_MINUTE,
          });
        } finally {
          await env.DB.prepare('DELETE FROM bans WHERE channel_id IS NULL').run();
        }
      },
    },
  },
  [`delete ${PLATFORM}/{userId}`]: {
    good: (scene) => ({ path: `${PLATFORM}/${scene.stranger.id}`, as: scene.admin }),
  },
};

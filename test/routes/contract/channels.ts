// The contract of channels: their keys, the roles on them, and who follows.
import { fill } from '../full.ts';
import type { Contract, Scene } from './table.ts';

const CHANNELS = '/api/v1/channels';
const at = ({ stream }: Scene, rest = ''): string => `${CHANNELS}/${stream.channelId}${rest}`;

export const channels: Contract = {
  [`get ${CHANNELS}`]: { good: ({ owner }) => ({ path: CHANNELS, as: owner }) },
  [`get ${CHANNELS}/{id}`]: { good: (scene) => ({ path: at(scene), as: scene.owner }) },
  [`post ${CHANNELS}/{id}/stream-key`]: {
    good: (scene) => ({ path: at(scene, '/stream-key'), as: scene.owner, body: {} }),
  },
  [`delete ${CHANNELS}/{id}/stream-key`]: { good: (scene) => ({ path: at(scene, '/stream-key'), as: scene.owner }) },
  [`get ${CHANNELS}/{id}/roles`]: {
    good: async (scene) => {
      await giveRole(scene);
      return { path: at(scene, '/roles'), as: scene.owner };
    },
  },
  [`put ${CHANNELS}/{id}/roles/{userId}`]: {
    good: (scene) => ({ path: at(scene, `/roles/${scene.stranger.id}`), as: scene.owner, body: { role: 'vip' } }),
    also: {
      '403 quota_exceeded': async (scene) => {
        await fill.channel_roles(scene.stream.channelId);
        return { path: at(scene, `/roles/${scene.stranger.id}`), as: scene.owner, body: { role: 'vip' } };
      },
    },
  },
  [`delete ${CHANNELS}/{id}/roles/{userId}`]: {
    good: async (scene) => {
      await giveRole(scene);
      return { path: at(scene, `/roles/${scene.stranger.id}`), as: scene.owner };
    },
  },
  [`put ${CHANNELS}/{id}/follow`]: {
    good: (scene) => ({ path: at(scene, '/follow'), as: scene.stranger }),
    also: {
      '403 quota_exceeded': async (scene) => {
        await fill.follows(scene.stranger.id);
        return { path: at(scene, '/follow'), as: scene.stranger };
      },
    },
  },
  [`delete ${CHANNELS}/{id}/follow`]: { good: (scene) => ({ path: at(scene, '/follow'), as: scene.stranger }) },
};

const giveRole = ({ send, owner, stranger, stream }: Scene): Promise<Response> =>
  send({
    method: 'put',
    path: `${CHANNELS}/${stream.channelId}/roles/${stranger.id}`,
    as: owner,
    body: { role: 'moderator' },
  });

// The contract of channels: their keys, the roles on them, and who follows.
import { fill } from '../full.ts';
import { type Contract, late, type Scene } from './table.ts';

const CHANNELS = '/api/v1/channels';
const at = ({ stream }: Scene, rest = ''): string => `${CHANNELS}/${stream.channelId}${rest}`;

export const channels: Contract = {
  [`get ${CHANNELS}`]: { good: ({ owner }) => ({ path: CHANNELS, as: owner }) },
  [`get ${CHANNELS}/{id}`]: { good: (scene) => ({ path: at(scene), as: scene.owner }) },
  [`post ${CHANNELS}/{id}/stream-key`]: {
    good: (scene) => ({ path: at(scene, '/stream-key'), as: scene.owner, body: {} }),
  },
  [`delete ${CHANNELS}/{id}/stream-key`]: { good: (scene) => ({ path: at(scene, '/stream-key'), as: scene.owner }) },
  [`get ${CHANNELS}/{id}/moderation`]: { good: (scene) => ({ path: at(scene, '/moderation'), as: scene.owner }) },
  [`get ${CHANNELS}/{id}/roles`]: {
    good: async (scene) => {
      await giveRole(scene);
      return { path: at(scene, '/roles'), as: scene.owner };
    },
  },
  [`put ${CHANNELS}/{id}/roles/{userId}`]: {
    good: (scene) => toVip(scene),
    also: {
      '409 conflict': (scene) => late({ method: 'put', ...toVip(scene) }),
      '403 quota_exceeded': async (scene) => {
        await fill.channel_roles(scene.stream.channelId);
        return toVip(scene);
      },
    },
  },
  [`delete ${CHANNELS}/{id}/roles/{userId}`]: {
    good: async (scene) => {
      await giveRole(scene);
      return { path: at(scene, `/roles/${scene.stranger.id}`), as: scene.owner };
    },
    also: {
      '409 conflict': async (scene) => {
        await giveRole(scene);
        return late({ method: 'delete', path: at(scene, `/roles/${scene.stranger.id}`), as: scene.owner });
      },
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

const toVip = (scene: Scene) => ({
  path: at(scene, `/roles/${scene.stranger.id}`),
  as: scene.owner,
  body: { role: 'vip' },
});

const giveRole = ({ send, owner, stranger, stream }: Scene): Promise<Response> =>
  send({
    method: 'put',
    path: `${CHANNELS}/${stream.channelId}/roles/${stranger.id}`,
    as: owner,
    body: { role: 'moderator' },
  });

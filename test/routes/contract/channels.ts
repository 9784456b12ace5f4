// The contract of channels: their keys, the roles on them, and who follows.
import { env } from 'cloudflare:workers';
import { ROLES_MAX } from '../../../src/storage/roles.ts';
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
      '409 conflict': async (scene) => {
        await fillRoles(scene.stream.channelId);
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
  [`put ${CHANNELS}/{id}/follow`]: { good: (scene) => ({ path: at(scene, '/follow'), as: scene.stranger }) },
  [`delete ${CHANNELS}/{id}/follow`]: { good: (scene) => ({ path: at(scene, '/follow'), as: scene.stranger }) },
};

const giveRole = ({ send, owner, stranger, stream }: Scene): Promise<Response> =>
  send({
    method: 'put',
    path: `${CHANNELS}/${stream.channelId}/roles/${stranger.id}`,
    as: owner,
    body: { role: 'moderator' },
  });

/** As many people with a role as a channel may have. */
async function fillRoles(channelId: string): Promise<void> {
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROLES_MAX})`;
  await env.DB.batch([
    env.DB.prepare(
      `${numbers} INSERT OR IGNORE INTO users (id, handle, name, created_at_ms) SELECT 'us_full' || i, 'full' || i, 'Full', 1 FROM n`,
    ),
    env.DB.prepare(
      `${numbers} INSERT INTO channel_roles (channel_id, user_id, role, given_at_ms)
       SELECT ?1, 'us_full' || i, 'vip', 1 FROM n`,
    ).bind(channelId),
  ]);
}

// The contract of appeals: on a channel, and everywhere.
import type { Appeal } from '../../../src/protocol/appeals.ts';
import { type Contract, late, type Scene } from './table.ts';

const PLATFORM = '/api/v1/appeals';
const on = ({ stream }: Scene): string => `/api/v1/channels/${stream.channelId}/appeals`;
const body = { text: 'It was somebody else' };
const answer = { decision: 'upheld', reason: 'It was not' };

/** The stranger is banned, there or everywhere. */
async function banned(scene: Scene, path: string): Promise<void> {
  const where = path.replace('/appeals', '/bans');
  const ask = { path: `${where}/${scene.stranger.id}`, as: path === PLATFORM ? scene.admin : scene.owner };
  await (await scene.send({ method: 'put', ...ask, body: { seconds: null } })).arrayBuffer();
}

const make = (scene: Scene, path: string) => scene.send({ method: 'post', path, as: scene.stranger, body });

/** And has asked. */
async function appealed(scene: Scene, path: string): Promise<Appeal> {
  await banned(scene, path);
  return (await make(scene, path)).json<Appeal>();
}

const answerPath = async (scene: Scene, path: string) => `${path}/${(await appealed(scene, path)).id}/answer`;

const doors = (path: (scene: Scene) => string, moderator: 'owner' | 'admin') => ({
  post: {
    good: async (scene: Scene) => {
      await banned(scene, path(scene));
      return { path: path(scene), as: scene.stranger, body };
    },
    also: {
      '404 not_found': (scene: Scene) => ({ path: path(scene), as: scene.stranger, body }),
      '409 conflict': async (scene: Scene) => {
        await banned(scene, path(scene));
        return late({ method: 'post', path: path(scene), as: scene.stranger, body });
      },
      '429 appeal_too_soon': async (scene: Scene) => {
        const to = await answerPath(scene, path(scene));
        await (await scene.send({ method: 'put', path: to, as: scene[moderator], body: answer })).arrayBuffer();
        return { path: path(scene), as: scene.stranger, body };
      },
    },
  },
  mine: {
    good: async (scene: Scene) => {
      await appealed(scene, path(scene));
      return { path: `${path(scene)}/mine`, as: scene.stranger };
    },
  },
  list: {
    good: async (scene: Scene) => {
      await appealed(scene, path(scene));
      return { path: path(scene), as: scene[moderator] };
    },
    also: {
      '400 invalid_request': (scene: Scene) => ({ path: `${path(scene)}?cursor=lost`, as: scene[moderator] }),
    },
  },
  answer: {
    good: async (scene: Scene) => ({ path: await answerPath(scene, path(scene)), as: scene[moderator], body: answer }),
    also: {
      '404 not_found': (scene: Scene) => ({
        path: `${path(scene)}/al_nothing/answer`,
        as: scene[moderator],
        body: answer,
      }),
      '409 conflict': async (scene: Scene) =>
        late({ method: 'put', path: await answerPath(scene, path(scene)), as: scene[moderator], body: answer }),
    },
  },
});

const channel = doors(on, 'owner');
const platform = doors(() => PLATFORM, 'admin');

export const appeals: Contract = {
  'post /api/v1/channels/{id}/appeals': channel.post,
  'get /api/v1/channels/{id}/appeals/mine': channel.mine,
  'get /api/v1/channels/{id}/appeals': channel.list,
  'put /api/v1/channels/{id}/appeals/{appealId}/answer': channel.answer,
  [`post ${PLATFORM}`]: platform.post,
  [`get ${PLATFORM}/mine`]: platform.mine,
  [`get ${PLATFORM}`]: platform.list,
  [`put ${PLATFORM}/{appealId}/answer`]: platform.answer,
};

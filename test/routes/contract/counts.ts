// The contract of what is counted on a stream: the tally, upvotes and polls.

import type { Poll } from '../../../src/protocol/chat.ts';
import { lockedStream } from './gates.ts';
import { banModerator, banStranger } from './rooms.ts';
import type { Case, Contract, Scene } from './table.ts';

const STREAMS = '/api/v1/streams';
const at = ({ stream }: Scene, rest: string): string => `${STREAMS}/${stream.id}${rest}`;
const ask = { question: 'Encore?', options: ['Yes', 'No'] };

const asked = async (scene: Scene): Promise<Poll> =>
  (await scene.send({ method: 'post', path: at(scene, '/room/polls'), as: scene.owner, body: ask })).json();
const pollPath = async (scene: Scene, rest = ''): Promise<string> =>
  at(scene, `/room/polls/${(await asked(scene)).id}${rest}`);

const inLocked = async (scene: Scene, rest: string, over: Omit<Case, 'path'>): Promise<Case> => ({
  path: `${STREAMS}/${await lockedStream(scene)}${rest}`,
  ...over,
});

export const counts: Contract = {
  [`get ${STREAMS}/{id}/room/tally`]: {
    good: async (scene) => {
      await asked(scene);
      return { path: at(scene, '/room/tally') };
    },
    also: { '403 pass_needed': (scene) => inLocked(scene, '/room/tally', {}) },
  },
  [`put ${STREAMS}/{id}/upvote`]: {
    good: (scene) => ({ path: at(scene, '/upvote'), as: scene.stranger }),
    also: { '403 pass_needed': (scene) => inLocked(scene, '/upvote', { as: scene.stranger }) },
  },
  [`delete ${STREAMS}/{id}/upvote`]: {
    good: (scene) => ({ path: at(scene, '/upvote'), as: scene.stranger }),
    also: { '403 pass_needed': (scene) => inLocked(scene, '/upvote', { as: scene.stranger }) },
  },
  [`post ${STREAMS}/{id}/room/polls`]: {
    good: (scene) => ({ path: at(scene, '/room/polls'), as: scene.owner, body: ask }),
    also: {
      '403 pass_needed': (scene) => inLocked(scene, '/room/polls', { as: scene.stranger, body: ask }),
      '403 banned': async (scene) => {
        await banModerator(scene);
        return { path: at(scene, '/room/polls'), as: scene.stranger, body: ask };
      },
      '409 conflict': async (scene) => {
        await asked(scene);
        return { path: at(scene, '/room/polls'), as: scene.owner, body: ask };
      },
      '422 message_denied': (scene) => ({
        path: at(scene, '/room/polls'),
        as: scene.owner,
        body: { ...ask, question: 'Free skins at https://steamcommunlty.com' },
      }),
    },
  },
  [`get ${STREAMS}/{id}/room/polls/{pollId}`]: {
    good: async (scene) => ({ path: await pollPath(scene) }),
    also: { '403 pass_needed': (scene) => inLocked(scene, '/room/polls/pl_nothing', {}) },
  },
  [`patch ${STREAMS}/{id}/room/polls/{pollId}`]: {
    good: async (scene) => ({ path: await pollPath(scene), as: scene.owner, body: { state: 'ended' } }),
    also: {
      '403 pass_needed': (scene) =>
        inLocked(scene, '/room/polls/pl_nothing', { as: scene.stranger, body: { state: 'ended' } }),
    },
  },
  [`delete ${STREAMS}/{id}/room/polls/{pollId}`]: {
    good: async (scene) => ({ path: await pollPath(scene), as: scene.owner }),
    also: { '403 pass_needed': (scene) => inLocked(scene, '/room/polls/pl_nothing', { as: scene.stranger }) },
  },
  [`put ${STREAMS}/{id}/room/polls/{pollId}/vote`]: {
    good: async (scene) => ({ path: await pollPath(scene, '/vote'), as: scene.stranger, body: { option: 0 } }),
    also: {
      '403 pass_needed': (scene) =>
        inLocked(scene, '/room/polls/pl_nothing/vote', { as: scene.stranger, body: { option: 0 } }),
      '403 banned': async (scene) => {
        const path = await pollPath(scene, '/vote');
        await banStranger(scene);
        return { path, as: scene.stranger, body: { option: 0 } };
      },
      '409 conflict': async (scene) => ({
        path: await pollPath(scene, '/vote'),
        as: scene.stranger,
        body: { option: 5 },
      }),
    },
  },
};

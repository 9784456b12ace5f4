// The contract of gated streams: passes and members.
import type { CreatedStream } from '../../../src/protocol/api.ts';
import { fill } from '../full.ts';
import type { Contract, Scene } from './table.ts';

const STREAMS = '/api/v1/streams';
const at = ({ stream }: Scene, rest: string): string => `${STREAMS}/${stream.id}${rest}`;

/** Another stream of the owner's, behind a password: its id. */
export async function lockedStream({ owner, send }: Scene): Promise<string> {
  const body = { title: 'Locked', visibility: 'password', password: 'limelight' };
  const opened = await send({ method: 'post', path: STREAMS, as: owner, body });
  return (await opened.json<CreatedStream>()).id;
}

export const gates: Contract = {
  [`post ${STREAMS}/{id}/pass`]: {
    good: (scene) => ({ path: at(scene, '/pass'), body: {} }),
    also: {
      '200': async (scene) => ({
        path: `${STREAMS}/${await lockedStream(scene)}/pass`,
        body: { password: 'limelight' },
      }),
      '403 password_needed': async (scene) => ({
        path: `${STREAMS}/${await lockedStream(scene)}/pass`,
        body: { password: 'another' },
      }),
      '404 not_found': () => ({ path: `${STREAMS}/st_nowhere/pass`, body: {} }),
    },
  },
  [`get ${STREAMS}/{id}/members`]: {
    good: async (scene) => {
      const { owner, stranger, send } = scene;
      await (await send({ method: 'put', path: at(scene, `/members/${stranger.id}`), as: owner })).arrayBuffer();
      return { path: at(scene, '/members'), as: owner };
    },
  },
  [`put ${STREAMS}/{id}/members/{user}`]: {
    good: (scene) => ({ path: at(scene, `/members/${scene.stranger.handle}`), as: scene.owner }),
    also: {
      '403 quota_exceeded': async (scene) => {
        await fill.members(scene.stream.id);
        return { path: at(scene, `/members/${scene.stranger.handle}`), as: scene.owner };
      },
    },
  },
  [`delete ${STREAMS}/{id}/members/{user}`]: {
    good: (scene) => ({ path: at(scene, `/members/${scene.stranger.handle}`), as: scene.owner }),
  },
};

// The contract of webhooks and what was sent to them.
import { fill } from '../full.ts';
import { type Case, type Contract, late, type Scene } from './table.ts';

const WEBHOOKS = '/api/v1/webhooks';
const wanted = { url: 'https://hooks.test/footlight', events: ['stream.started'] };

export const webhooks: Contract = {
  [`get ${WEBHOOKS}`]: {
    good: async (scene) => {
      await make(scene);
      return { path: WEBHOOKS, as: scene.owner };
    },
  },
  [`post ${WEBHOOKS}`]: {
    good: ({ owner, stream }) => ({ path: WEBHOOKS, as: owner, body: { ...wanted, channelId: stream.channelId } }),
    also: {
      '403 forbidden': ({ stranger, stream }) => ({
        path: WEBHOOKS,
        as: stranger,
        body: { ...wanted, channelId: stream.channelId },
      }),
      '404 not_found': ({ owner }) => ({ path: WEBHOOKS, as: owner, body: { ...wanted, channelId: 'ch_nowhere' } }),
      '403 quota_exceeded': async ({ owner }) => {
        await fill.webhooks(owner.id);
        return { path: WEBHOOKS, as: owner, body: wanted };
      },
    },
  },
  [`get ${WEBHOOKS}/{id}`]: {
    good: (scene) => on(scene),
    also: { '403 forbidden': async (scene) => ({ ...(await on(scene)), as: scene.stranger }) },
  },
  [`patch ${WEBHOOKS}/{id}`]: { good: (scene) => on(scene, '', { events: ['stream.ended'] }) },
  [`delete ${WEBHOOKS}/{id}`]: { good: (scene) => on(scene) },
  [`post ${WEBHOOKS}/{id}/secret`]: {
    good: (scene) => on(scene, '/secret'),
    also: {
      '409 conflict': async (scene) => late({ method: 'post', ...(await on(scene, '/secret')) }),
    },
  },
  [`post ${WEBHOOKS}/{id}/test`]: {
    good: (scene) => on(scene, '/test'),
    also: { '409 conflict': (scene) => onSwitchedOff(scene, '/test') },
  },
  [`get ${WEBHOOKS}/{id}/deliveries`]: {
    good: async (scene) => {
      const { id } = await make(scene);
      await sendTest(scene, id);
      return { path: `${WEBHOOKS}/${id}/deliveries`, as: scene.owner };
    },
  },
  [`post ${WEBHOOKS}/{id}/deliveries/{deliveryId}/replay`]: {
    good: async (scene) => {
      const { id } = await make(scene);
      return { path: `${WEBHOOKS}/${id}/deliveries/${await sendTest(scene, id)}/replay`, as: scene.owner };
    },
    also: {
      '409 conflict': async (scene) => {
        const { id } = await make(scene);
        const delivery = await sendTest(scene, id);
        await switchOff(scene, id);
        return { path: `${WEBHOOKS}/${id}/deliveries/${delivery}/replay`, as: scene.owner };
      },
    },
  },
};

async function make({ send, owner }: Scene): Promise<{ id: string }> {
  const made = await send({ method: 'post', path: WEBHOOKS, as: owner, body: wanted });
  return made.json<{ id: string }>();
}

async function on(scene: Scene, rest = '', body?: unknown): Promise<Case> {
  const { id } = await make(scene);
  return { path: `${WEBHOOKS}/${id}${rest}`, as: scene.owner, ...(body !== undefined && { body }) };
}

async function onSwitchedOff(scene: Scene, rest: string): Promise<Case> {
  const { id } = await make(scene);
  await switchOff(scene, id);
  return { path: `${WEBHOOKS}/${id}${rest}`, as: scene.owner };
}

async function switchOff({ send, owner }: Scene, id: string): Promise<void> {
  await send({ method: 'patch', path: `${WEBHOOKS}/${id}`, as: owner, body: { enabled: false } });
}

async function sendTest({ send, owner }: Scene, id: string): Promise<string> {
  const sent = await send({ method: 'post', path: `${WEBHOOKS}/${id}/test`, as: owner });
  return (await sent.json<{ id: string }>()).id;
}

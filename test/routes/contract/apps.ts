// The contract of apps of others: registering them, allowing them, and taking it back.
import type { RegisteredApp } from '../../../src/protocol/oauth.ts';
import { fill } from '../full.ts';
import { newApp, requestOf } from '../oauth-support.ts';
import { BASE } from '../support.ts';
import { type Case, type Contract, type Scene, seeded } from './table.ts';

const APPS = '/api/v1/apps';
const GRANTS = '/api/v1/grants';
const CONSENT = '/api/v1/consent';

export const apps: Contract = {
  [`post ${APPS}`]: {
    good: ({ owner }) => ({ path: APPS, as: owner, body: newApp() }),
    also: {
      '403 quota_exceeded': async ({ owner }) => {
        await fill.apps(owner.id);
        return { path: APPS, as: owner, body: newApp() };
      },
    },
  },
  [`get ${APPS}`]: {
    good: async (scene) => {
      await register(scene);
      return { path: APPS, as: scene.owner };
    },
  },
  [`get ${APPS}/{id}`]: { good: (scene) => onApp(scene) },
  [`patch ${APPS}/{id}`]: { good: (scene) => onApp(scene, { body: { name: 'Another' } }) },
  [`delete ${APPS}/{id}`]: { good: (scene) => onApp(scene) },
  [`post ${APPS}/{id}/secret`]: {
    good: (scene) => onApp(scene, { rest: '/secret' }),
    also: { '409 conflict': (scene) => onApp(scene, { rest: '/secret', type: 'public' }) },
  },
  [`get ${GRANTS}`]: {
    good: async (scene) => {
      await scene.send({ ...(await answering(scene)), method: 'post' });
      return { path: GRANTS, as: await seeded('ben') };
    },
  },
  [`delete ${GRANTS}/{id}`]: {
    good: async (scene) => {
      const ben = await seeded('ben');
      await scene.send({ ...(await answering(scene)), method: 'post' });
      const held = await scene.send({ method: 'get', path: GRANTS, as: ben });
      const { grants } = await held.json<{ grants: { id: string }[] }>();
      return { path: `${GRANTS}/${grants[0]?.id}`, as: ben };
    },
  },
  [`get ${CONSENT}`]: {
    good: async (scene) => {
      const { id } = await register(scene);
      return { path: `${CONSENT}?${new URLSearchParams({ request: requestOf(id) })}` };
    },
    also: { '400 invalid_request': () => ({ path: CONSENT }) },
  },
  [`post ${CONSENT}`]: {
    good: (scene) => answering(scene),
    also: { '403 forbidden': async (scene) => ({ ...(await answering(scene)), as: scene.owner }) },
  },
};

async function register({ send, owner }: Scene, settings: object = {}): Promise<RegisteredApp> {
  const registered = await send({ method: 'post', path: APPS, as: owner, body: newApp(settings) });
  return registered.json<RegisteredApp>();
}

async function onApp(
  scene: Scene,
  { rest = '', type = 'confidential', ...more }: { rest?: string; type?: string; body?: unknown } = {},
): Promise<Case> {
  const { id } = await register(scene, { type });
  return { path: `${APPS}/${id}${rest}`, as: scene.owner, ...more };
}

/** As the consent page sends a yes: with the cookie of ben's browser, from our own origin. */
async function answering(scene: Scene): Promise<Case> {
  const { id } = await register(scene);
  const { cookie } = await seeded('ben');
  return { path: CONSENT, body: { request: requestOf(id), allow: true }, headers: { Cookie: cookie, Origin: BASE } };
}

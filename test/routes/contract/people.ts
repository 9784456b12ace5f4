// The contract of people: oneself, others, and the session of a browser.
import { type Contract, late, seeded } from './table.ts';

const USERS = '/api/v1/users';
const SESSION = '/api/v1/session';

export const people: Contract = {
  [`get ${USERS}`]: {
    good: ({ owner }) => ({ path: `${USERS}?handle=${owner.handle}` }),
    also: { '400 invalid_request': () => ({ path: USERS }) },
  },
  [`get ${USERS}/me`]: { good: ({ owner }) => ({ path: `${USERS}/me`, as: owner }) },
  [`patch ${USERS}/me`]: { good: ({ owner }) => ({ path: `${USERS}/me`, as: owner, body: { name: 'A. N. Other' } }) },
  [`get ${USERS}/me/follows`]: {
    good: async ({ stranger, stream, send }) => {
      await send({ method: 'put', path: `/api/v1/channels/${stream.channelId}/follow`, as: stranger });
      return { path: `${USERS}/me/follows`, as: stranger };
    },
  },
  [`get ${USERS}/me/channels`]: { good: ({ owner }) => ({ path: `${USERS}/me/channels`, as: owner }) },
  [`get ${USERS}/roles`]: {
    good: ({ admin }) => ({ path: `${USERS}/roles`, as: admin }),
    also: { '400 invalid_request': ({ admin }) => ({ path: `${USERS}/roles?handle=no+handle`, as: admin }) },
  },
  [`get ${USERS}/{id}`]: { good: ({ owner }) => ({ path: `${USERS}/${owner.id}` }) },
  [`patch ${USERS}/{id}`]: {
    good: ({ admin, stranger }) => ({ path: `${USERS}/${stranger.id}`, as: admin, body: { role: 'moderator' } }),
    also: {
      '409 conflict': ({ admin, stranger }) =>
        late({ method: 'patch', path: `${USERS}/${stranger.id}`, as: admin, body: { role: 'moderator' } }),
    },
  },
  [`get ${SESSION}`]: {
    good: () => ({ path: SESSION }),
    also: { '200': ({ owner }) => ({ path: SESSION, as: owner }) },
  },
  [`post ${SESSION}`]: {
    good: () => ({ path: SESSION, body: { user: 'ada' } }),
    also: {
      '403 forbidden': () => ({
        path: SESSION,
        body: { user: 'ada' },
        headers: { Origin: 'https://elsewhere.test' },
      }),
    },
  },
  [`delete ${SESSION}`]: {
    good: ({ owner }) => ({ path: SESSION, as: owner }),
    also: {
      '403 forbidden': async () => {
        const { cookie } = await seeded('ada');
        return { path: SESSION, headers: { Cookie: cookie, Origin: 'https://elsewhere.test' } };
      },
    },
  },
};

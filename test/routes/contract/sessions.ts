// The contract of the browsers that one is signed in with.
import { type Contract, seeded } from './table.ts';

const SESSIONS = '/api/v1/sessions';

export const sessions: Contract = {
  [`get ${SESSIONS}`]: { good: async () => ({ path: SESSIONS, as: await seeded('ben') }) },
  [`delete ${SESSIONS}`]: { good: ({ stranger }) => ({ path: SESSIONS, as: stranger }) },
  [`delete ${SESSIONS}/{id}`]: {
    good: async ({ send }) => {
      const ben = await seeded('ben');
      const held = await send({ method: 'get', path: SESSIONS, headers: { Cookie: ben.cookie } });
      const { sessions } = await held.json<{ sessions: { id: string; isCurrent: boolean }[] }>();
      return { path: `${SESSIONS}/${sessions.find(({ isCurrent }) => isCurrent)?.id}`, as: ben };
    },
  },
};

// The contract of leaving: the export, the erasure, and its receipt.
import type { ErasureReceipt } from '../../../src/protocol/account.ts';
import type { Contract } from './table.ts';

const ME = '/api/v1/users/me';
const ERASURES = '/api/v1/erasures';

export const leaving: Contract = {
  [`get ${ME}/export`]: {
    // The tag of an export is its request's: only the same request has it again.
    good: ({ owner }) => ({ path: `${ME}/export`, as: owner, headers: { 'X-Request-Id': 'the-same-request' } }),
  },
  [`delete ${ME}`]: { good: ({ owner }) => ({ path: ME, as: owner, body: { confirm: owner.handle } }) },
  [`get ${ERASURES}/{id}`]: {
    good: async ({ owner, send }) => {
      const erased = await send({ method: 'delete', path: ME, as: owner, body: { confirm: owner.handle } });
      return { path: `${ERASURES}/${(await erased.json<ErasureReceipt>()).id}` };
    },
  },
};

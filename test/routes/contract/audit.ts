// The contract of the audit log.
import type { Contract } from './table.ts';

const AUDIT = '/api/v1/audit';

export const audit: Contract = {
  [`get ${AUDIT}`]: {
    good: ({ admin }) => ({ path: AUDIT, as: admin }),
    also: {
      '200': ({ admin }) => ({ path: `${AUDIT}?format=csv`, as: admin }),
      '403 forbidden': ({ owner }) => ({ path: AUDIT, as: owner }),
    },
  },
};

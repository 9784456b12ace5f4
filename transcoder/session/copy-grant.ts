// Whether the source may be copied as the top rendition, through its troubles. Pure.
import type { CopyTrouble } from './passthrough.ts';

export interface CopyGrant {
  readonly isGranted: boolean;
  /** What remains of it after this trouble. */
  after(trouble: CopyTrouble): CopyGrant;
}

/** A source with as many gaps is transcoded from then on. */
const MAX_GAPS = 3;

export const copyGrant = (isGranted: boolean, gaps = 0): CopyGrant => ({
  isGranted,
  after: ({ type }) => copyGrant(isGranted && type === 'gap' && gaps + 1 < MAX_GAPS, gaps + 1),
});

// The seeded people of local mode. Their ids are fixed, so that links, tokens and tests outlive a database.
import type { PlatformRole } from '../protocol/claims.ts';
import { UserId } from '../protocol/ids.ts';

/** A user's record and a word about them; it stands alone, so that a script can read it without a database. */
export interface CastMember {
  id: UserId;
  handle: string;
  name: string;
  platformRole: PlatformRole;
  about: string;
}

const member = (handle: string, name: string, platformRole: PlatformRole, about: string): CastMember => ({
  id: UserId.parse(`us_${handle}0`),
  handle,
  name,
  platformRole,
  about,
});

export const LOCAL_CAST: readonly CastMember[] = [
  member('ada', 'Ada', 'viewer', 'broadcasts'),
  member('ben', 'Ben', 'viewer', 'watches'),
  member('cleo', 'Cleo', 'viewer', 'watches'),
  member('mod', 'Mo', 'moderator', 'moderates'),
  member('root', 'Root', 'admin', 'runs the place'),
];

export const castMember = (handle: string): CastMember | undefined => LOCAL_CAST.find((one) => one.handle === handle);

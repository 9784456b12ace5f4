// The seeded people of local mode. Their ids are fixed, so that links, tokens and tests outlive a database.
import { UserId } from '../protocol/ids.ts';
import type { UserRecord } from '../storage/users.ts';

export interface CastMember extends UserRecord {
  about: string;
}

const member = (handle: string, name: string, platformRole: UserRecord['platformRole'], about: string): CastMember => ({
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

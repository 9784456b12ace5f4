// The words about people: what everybody may see of one, roles on channels, follows.
import { z } from 'zod';
import { PlatformRole } from './claims.ts';
import { ChannelId, UserId } from './ids.ts';

export const ChannelRole = z.enum(['vip', 'moderator']);
export type ChannelRole = z.infer<typeof ChannelRole>;

export const PersonName = z.string().trim().min(1).max(60);
export const Handle = z
  .string()
  .min(1)
  .max(40)
  .regex(/^[A-Za-z0-9_.-]+$/, 'must be letters, digits, dots, dashes and underscores');

/** What everybody may see of anybody. */
export const Person = z.object({ id: UserId, handle: z.string(), name: z.string() });
export type Person = z.infer<typeof Person>;
export const PersonList = z.object({ users: z.array(Person) });
export type PersonList = z.infer<typeof PersonList>;

/** `GET /api/v1/users?handle=..`. */
export const FindPerson = z.object({ handle: Handle });

/** Somebody as whoever asks may see them. */
export const SeenPerson = Person.extend({
  role: PlatformRole.optional().describe(
    'On the platform; shown to administrators on our own pages, who may change it',
  ),
});

/** Oneself. */
export const Account = Person.extend({ role: PlatformRole });
export type Account = z.infer<typeof Account>;
export const UpdateAccount = z.object({ name: PersonName });
/** `GET /api/v1/users/roles`. */
export const FindRoles = z.object({
  handle: Handle.optional().describe(
    'Only this person, whatever their role; without it everybody who is more than a viewer',
  ),
});
export const AccountList = z.object({ users: z.array(Account) });
export type AccountList = z.infer<typeof AccountList>;
export const UpdateUserRole = z.object({ role: PlatformRole });

export const GiveRole = z.object({ role: ChannelRole });
export const RoleHolder = z.object({ user: Person, role: ChannelRole, givenAt: z.iso.datetime() });
export type RoleHolder = z.infer<typeof RoleHolder>;
export const RoleHolders = z.object({ roles: z.array(RoleHolder) });

export const Follow = z.object({ channelId: ChannelId, channelName: z.string(), followedAt: z.iso.datetime() });
export type Follow = z.infer<typeof Follow>;
export const ListFollowsQuery = z.object({
  channelId: ChannelId.optional().describe('Only this channel: does one follow it?'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(200).optional(),
});
export const FollowPage = z.object({ follows: z.array(Follow), nextCursor: z.string().nullable() });

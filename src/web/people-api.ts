// The doors about people: finding them, their roles, and leaving.
import type { ErasureReceipt } from '../protocol/account.ts';
import type { PlatformRole } from '../protocol/claims.ts';
import type { Account, AccountList, ChannelRole, Person, PersonList, RoleHolder } from '../protocol/people.ts';
import { request } from './api.ts';

export const peopleApi = {
  /** By handle, or as people write it: @handle. Whoever is not there is an error in words, like every refusal. */
  find: async (name: string): Promise<Person> =>
    theOne(name, await request<PersonList>('GET', `/users?${new URLSearchParams({ handle: handleOf(name) })}`)),
  channelRoles: (channelId: string) => request<{ roles: RoleHolder[] }>('GET', `/channels/${channelId}/roles`),
  giveRole: (channelId: string, userId: string, role: ChannelRole) =>
    request<RoleHolder>('PUT', `/channels/${channelId}/roles/${userId}`, { role }),
  takeRole: (channelId: string, userId: string) => request<void>('DELETE', `/channels/${channelId}/roles/${userId}`),
  /** Everybody who is more than a viewer on the platform. */
  platformRoles: () => request<AccountList>('GET', '/users/roles'),
  platformRoleOf: async (name: string): Promise<Account> =>
    theOne(name, await request<AccountList>('GET', `/users/roles?${new URLSearchParams({ handle: handleOf(name) })}`)),
  changePlatformRole: (userId: string, role: PlatformRole) => request<Account>('PATCH', `/users/${userId}`, { role }),
  /** `handle`: one's own, so that nobody is erased by mistake. */
  eraseMe: (handle: string) => request<ErasureReceipt>('DELETE', '/users/me', { confirm: handle }),
  receipt: (id: string) => request<ErasureReceipt>('GET', `/erasures/${id}`),
};

/** Where the browser itself fetches all that is held of whoever asks, as a file. */
export const ACCOUNT_EXPORT_PATH = '/api/v1/users/me/export';

const handleOf = (name: string): string => name.trim().replace(/^@/, '');

function theOne<Found>(name: string, { users: [found] }: { users: Found[] }): Found {
  if (found) return found;
  throw new Error(`There is nobody called ${handleOf(name)}. Check the handle.`);
}

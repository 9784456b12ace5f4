// The doors about people: finding them, their roles, and leaving.
import type { Block } from '../protocol/blocks.ts';
import type { PlatformRole } from '../protocol/claims.ts';
import { API_PREFIX } from '../protocol/paths.ts';
import type { ChannelRole } from '../protocol/people.ts';
import { answer, doors } from './api-client.ts';

const { users, channels, erasures } = doors;
const holder = channels[':id'].roles[':userId'];
const blocked = users.me.blocks[':userId'];

export const peopleApi = {
  /** By handle, or as people write it: @handle. Whoever is not there is an error in words, like every refusal. */
  find: async (name: string) => theOne(name, await answer(users.$get({ query: { handle: handleOf(name) } }))),
  /** One's own account, and the tag that names this state of it. */
  me: async () => {
    const asked = users.me.$get();
    const account = await answer(asked);
    return { account, tag: (await asked).headers.get('ETag') ?? '*' };
  },
  /** Refused (412) when the account is no longer as `tag` names it. */
  rename: (name: string, tag: string) => answer(users.me.$patch({ json: { name } }, { headers: { 'If-Match': tag } })),
  channelRoles: (id: string) => answer(channels[':id'].roles.$get({ param: { id } })),
  giveRole: (id: string, userId: string, role: ChannelRole) =>
    answer(holder.$put({ param: { id, userId }, json: { role } })),
  takeRole: (id: string, userId: string) => answer(holder.$delete({ param: { id, userId } })),
  /** Everybody who is more than a viewer on the platform. */
  platformRoles: () => answer(users.roles.$get({ query: {} })),
  platformRoleOf: async (name: string) =>
    theOne(name, await answer(users.roles.$get({ query: { handle: handleOf(name) } }))),
  changePlatformRole: (id: string, role: PlatformRole) =>
    answer(users[':id'].$patch({ param: { id }, json: { role } })),
  block: (userId: string) => answer(blocked.$put({ param: { userId } })),
  unblock: (userId: string) => answer(blocked.$delete({ param: { userId } })),
  /** Everybody whom one has blocked, page by page: there is a bound to how many one may. */
  allBlocks: async (): Promise<Block[]> => {
    const all: Block[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: { limit: string; cursor?: string } = { limit: '100', ...(cursor !== '' && { cursor }) };
      const page: { blocks: Block[]; nextCursor: string | null } = await answer(users.me.blocks.$get({ query }));
      all.push(...page.blocks);
      cursor = page.nextCursor;
    }
    return all;
  },
  /** `handle`: one's own, so that nobody is erased by mistake. */
  eraseMe: (handle: string) => answer(users.me.$delete({ json: { confirm: handle } })),
  receipt: (id: string) => answer(erasures[':id'].$get({ param: { id } })),
};

/** Where the browser itself fetches all that is held of whoever asks, as a file. */
export const ACCOUNT_EXPORT_PATH = API_PREFIX + users.me.export.$path();

const handleOf = (name: string): string => name.trim().replace(/^@/, '');

function theOne<Found>(name: string, { users: [found] }: { users: Found[] }): Found {
  if (found) return found;
  throw new Error(`There is nobody called ${handleOf(name)}. Check the handle.`);
}

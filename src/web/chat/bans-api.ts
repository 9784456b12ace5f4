// Who may say nothing on a channel: what the chat asks of those doors.
import type { PlaceBan } from '../../protocol/bans.ts';
import { answer, doors } from '../api-client.ts';

const { bans } = doors.channels[':id'];
const ban = bans[':userId'];

export const bansApi = (id: string) => ({
  /** All that stand. */
  list: async () => (await answer(bans.$get({ param: { id } }))).bans,
  place: (userId: string, json: Pick<PlaceBan, 'seconds'> & Partial<PlaceBan>) =>
    answer(ban.$put({ param: { id, userId }, json })),
  lift: (userId: string) => answer(ban.$delete({ param: { id, userId } })),
});
export type BansApi = ReturnType<typeof bansApi>;

const everywhere = doors.bans;
const banEverywhere = everywhere[':userId'];

/** Of every channel, for who moderates the platform. */
export const bansEverywhereApi: BansApi = {
  list: async () => (await answer(everywhere.$get())).bans,
  place: (userId, json) => answer(banEverywhere.$put({ param: { userId }, json })),
  lift: (userId) => answer(banEverywhere.$delete({ param: { userId } })),
};

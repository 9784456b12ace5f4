// Who may say nothing on a channel: what the chat asks of those doors.
import { answer, doors } from '../api-client.ts';

const ban = doors.channels[':id'].bans[':userId'];

export const bansApi = (id: string) => ({
  /** `seconds` null: for good, and what they have said goes with it. */
  place: (userId: string, seconds: number | null) =>
    answer(ban.$put({ param: { id, userId }, json: { seconds, effect: 'refuse', removeMessages: seconds === null } })),
  lift: (userId: string) => answer(ban.$delete({ param: { id, userId } })),
});
export type BansApi = ReturnType<typeof bansApi>;

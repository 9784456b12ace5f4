// What the page asks of polls and upvotes, by its name.
import type { CreatePoll } from '../../protocol/chat/polls.ts';
import { answer, doors, passing } from '../api-client.ts';

const stream = doors.streams[':id'];
const poll = stream.room.polls[':pollId'];

export interface CountsApi extends ReturnType<typeof countsApi> {}

/** `pass`: of a viewer who came in by one; null: nobody needs it, or who they are is enough. */
export const countsApi = (id: string, pass: () => string | null) => {
  const param = { id };
  const by = passing(pass);
  return {
    tally: () => answer(stream.room.tally.$get({ param }, by)),
    upvote: () => answer(stream.upvote.$put({ param }, by)),
    withdraw: () => answer(stream.upvote.$delete({ param }, by)),
    ask: (json: CreatePoll) => answer(stream.room.polls.$post({ param, json }, by)),
    end: (pollId: string) => answer(poll.$patch({ param: { id, pollId }, json: { state: 'ended' } }, by)),
    takeAway: (pollId: string) => answer(poll.$delete({ param: { id, pollId } }, by)),
    vote: (pollId: string, option: number) => answer(poll.vote.$put({ param: { id, pollId }, json: { option } }, by)),
  };
};

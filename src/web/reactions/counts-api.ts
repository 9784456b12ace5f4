// What the page asks of polls and upvotes, by its name.
import type { CreatePoll } from '../../protocol/chat/polls.ts';
import { answer, doors } from '../api-client.ts';

const stream = doors.streams[':id'];
const poll = stream.room.polls[':pollId'];

export const countsApi = {
  tally: (id: string) => answer(stream.room.tally.$get({ param: { id } })),
  upvote: (id: string) => answer(stream.upvote.$put({ param: { id } })),
  withdraw: (id: string) => answer(stream.upvote.$delete({ param: { id } })),
  ask: (id: string, json: CreatePoll) => answer(stream.room.polls.$post({ param: { id }, json })),
  end: (id: string, pollId: string) => answer(poll.$patch({ param: { id, pollId }, json: { state: 'ended' } })),
  takeAway: (id: string, pollId: string) => answer(poll.$delete({ param: { id, pollId } })),
  vote: (id: string, pollId: string, option: number) =>
    answer(poll.vote.$put({ param: { id, pollId }, json: { option } })),
};

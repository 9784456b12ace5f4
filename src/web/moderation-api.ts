// The doors of those who moderate a channel, by name.
import type { AnswerAppeal } from '../protocol/appeals.ts';
import type { DecideHeld } from '../protocol/chat/held.ts';
import type { AnswerReport } from '../protocol/reports.ts';
import type { ChannelRules } from '../protocol/rules.ts';
import type { SetShield } from '../protocol/shield.ts';
import { answer, doors } from './api-client.ts';

const { channels, streams, users } = doors;
const everywhere = { reports: doors.reports, appeals: doors.appeals };
const channel = channels[':id'];
const stream = streams[':id'];
const person = channel.people[':userId'];

export const moderationApi = {
  /** Where one may moderate. */
  channels: () => answer(users.me.channels.$get()),
  /** By its own id, or by that of one of its streams. */
  channelOf: async (id: string) => {
    const channelId = id.startsWith('ch_') ? id : (await answer(stream.$get({ param: { id } }))).channelId;
    return answer(channel.moderation.$get({ param: { id: channelId } }));
  },
  held: (id: string) => answer(stream.room.held.$get({ param: { id } })),
  decide: (id: string, messageId: string, json: DecideHeld) =>
    answer(stream.room.held[':messageId'].decision.$put({ param: { id, messageId }, json })),
  remove: (id: string, messageId: string) => answer(stream.chat[':messageId'].$delete({ param: { id, messageId } })),
  /** Everything that moderators of the channel know of somebody. */
  card: (id: string, userId: string) => answer(person.$get({ param: { id, userId } })),
  note: (id: string, userId: string, text: string) =>
    answer(person.notes.$post({ param: { id, userId }, json: { text } })),
  deleteNote: (id: string, userId: string, noteId: string) =>
    answer(person.notes[':noteId'].$delete({ param: { id, userId, noteId } })),
  reports: (id: string, state: 'open' | 'closed', cursor?: string) =>
    answer(channel.reports.$get({ param: { id }, query: { state, cursor } })),
  /** Of all channels; `late`: only those that nobody has answered in time. */
  allReports: (state: 'open' | 'closed' | 'late', cursor?: string) => {
    const query = state === 'late' ? { escalated: 'true', cursor } : { state, cursor };
    return answer(everywhere.reports.$get({ query }));
  },
  /** `id` null: of any channel. */
  answerReport: (id: string | null, reportId: string, json: AnswerReport) =>
    id === null
      ? answer(everywhere.reports[':reportId'].answer.$put({ param: { reportId }, json }))
      : answer(channel.reports[':reportId'].answer.$put({ param: { id, reportId }, json })),
  shield: (id: string) => answer(channel.shield.$get({ param: { id } })),
  setShield: (id: string, json: Partial<SetShield>) => answer(channel.shield.$put({ param: { id }, json })),
  /** `id` null: about bans everywhere. */
  appeals: (id: string | null, state: 'open' | 'closed', cursor?: string) => {
    const query = { state, cursor };
    return answer(id === null ? everywhere.appeals.$get({ query }) : channel.appeals.$get({ param: { id }, query }));
  },
  answerAppeal: (id: string | null, appealId: string, json: AnswerAppeal) =>
    id === null
      ? answer(everywhere.appeals[':appealId'].answer.$put({ param: { appealId }, json }))
      : answer(channel.appeals[':appealId'].answer.$put({ param: { id, appealId }, json })),
  /** With the tag that names this state of them. */
  rules: async (id: string) => {
    const asked = channel.rules.$get({ param: { id } });
    const rules = await answer(asked);
    return { rules, tag: (await asked).headers.get('ETag') ?? '*' };
  },
  /** Refused (412) when the rules are no longer as `tag` names them. */
  saveRules: (id: string, json: ChannelRules, tag: string) =>
    answer(channel.rules.$put({ param: { id }, json }, { headers: { 'If-Match': tag } })),
};

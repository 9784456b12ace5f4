// The doors of a room, as its panel uses them.
import type { SendMessage } from '../protocol/chat/message.ts';
import type { ClearRoom, MakeAnnouncement, UpdateRoom } from '../protocol/chat/settings.ts';
import { API_PREFIX } from '../protocol/paths.ts';
import type { MakeReport } from '../protocol/reports.ts';
import { answer, doors, passing } from './api-client.ts';
import type { Ask } from './chat/replay-plan.ts';
import { withPass } from './player/pass-url.ts';

const stream = doors.streams[':id'];
const { room, chat } = stream;

/** `pass`: of a viewer who came in by one; null: nobody needs it, or who they are is enough. */
export const roomApi = (id: string, pass: () => string | null) => {
  const param = { id };
  const by = passing(pass);
  return {
    ticket: () => answer(room.tickets.$post({ param }, by)),
    say: (json: SendMessage) => answer(chat.$post({ param, json }, by)),
    change: (json: UpdateRoom) => answer(room.$patch({ param, json }, by)),
    pin: (messageId: string) => answer(room.pin.$put({ param, json: { messageId } }, by)),
    unpin: () => answer(room.pin.$delete({ param }, by)),
    announce: (json: MakeAnnouncement) => answer(room.announcements.$post({ param, json }, by)),
    clear: (json: ClearRoom) => answer(room.clearings.$post({ param, json }, by)),
    remove: (messageId: string) => answer(chat[':messageId'].$delete({ param: { id, messageId } }, by)),
    view: () => answer(room.$get({ param }, by)),
    report: (messageId: string, json: MakeReport) =>
      answer(chat[':messageId'].reports.$post({ param: { id, messageId }, json }, by)),
    /** What was said during a part of the programme. */
    during: ({ fromMs, toMs, cursor }: Ask) => answer(chat.$get({ param, query: pastQuery(fromMs, toMs, cursor) }, by)),
    /** Of the socket: where a page of this origin connects. */
    socketUrl: (query: Record<string, string>, origin: string): string => {
      const url = new URL(API_PREFIX + room.$path({ param }), origin.replace(/^http/, 'ws'));
      url.search = new URLSearchParams(query).toString();
      return withPass(url.href, pass());
    },
  };
};
export type RoomApi = ReturnType<typeof roomApi>;

const PAGE = 100;

const pastQuery = (fromMs: number, toMs: number, cursor: string | null) => ({
  fromMediaMs: String(fromMs),
  toMediaMs: String(toMs),
  limit: String(PAGE),
  ...(cursor !== null && { cursor }),
});

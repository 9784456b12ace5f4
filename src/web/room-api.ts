// The doors of a room, as its panel uses them.
import type { SendMessage } from '../protocol/chat/message.ts';
import type { UpdateRoom } from '../protocol/chat/settings.ts';
import { API_PREFIX } from '../protocol/paths.ts';
import { answer, doors } from './api-client.ts';
import { withPass } from './player/pass-url.ts';

const stream = doors.streams[':id'];
const { room, chat } = stream;
const TIMEOUT_MS = 15_000;

/** `pass`: of a viewer who came in by one; null: nobody needs it, or who they are is enough. */
export const roomApi = (id: string, pass: () => string | null) => {
  const param = { id };
  const passing = {
    fetch: (url: RequestInfo | URL, init?: RequestInit) =>
      fetch(withPass(String(url), pass()), {
        ...init,
        credentials: 'same-origin',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }),
  };
  return {
    ticket: () => answer(room.tickets.$post({ param }, passing)),
    say: (json: SendMessage) => answer(chat.$post({ param, json }, passing)),
    change: (json: UpdateRoom) => answer(room.$patch({ param, json }, passing)),
    pin: (messageId: string) => answer(room.pin.$put({ param, json: { messageId } }, passing)),
    unpin: () => answer(room.pin.$delete({ param }, passing)),
    announce: (text: string) => answer(room.announcements.$post({ param, json: { text } }, passing)),
    /** Of the socket: where a page of this origin connects. */
    socketUrl: (query: Record<string, string>, origin: string): string => {
      const url = new URL(API_PREFIX + room.$path({ param }), origin.replace(/^http/, 'ws'));
      url.search = new URLSearchParams(query).toString();
      return withPass(url.href, pass());
    },
  };
};
export type RoomApi = ReturnType<typeof roomApi>;

// What both ends of a room's socket know before its first frame. Nothing of it needs a schema: a page has it without them.

export const ROOM_VERSION = 1;

/** Answered by the runtime itself: the room is not woken. Byte for byte. */
export const PING = '{"kind":"ping"}';
export const PONG = '{"kind":"pong"}';

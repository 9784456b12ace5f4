// Frames of a room as a client hears them, with what a test does not care about filled in.
import type { Message } from '../../../src/protocol/chat/message.ts';
import { REACTION_NAMES } from '../../../src/protocol/chat/reaction-words.ts';
import { Poll, type RoomEvent, RoomView, ServerFrame } from '../../../src/protocol/chat.ts';

const NO_REACTIONS = Object.fromEntries(REACTION_NAMES.map((kind) => [kind, 0]));

export const SENT_AT_MS = Date.UTC(2026, 5, 1, 20);

export const person = (name: string, roles: string[] = []) => ({
  id: `us_${name}00`,
  handle: name,
  name: name[0]?.toUpperCase() + name.slice(1),
  roles,
});

/** Parsed by the schema of the protocol, so that no test speaks another language than the room. */
export const said = (seq: number, text: string, more: object = {}): RoomEvent & Message =>
  ServerFrame.parse({
    kind: 'message',
    seq,
    id: `ms_${String(seq).padStart(6, '0')}`,
    streamId: 'st_aaaa',
    author: person('cleo'),
    text,
    sentAt: new Date(SENT_AT_MS + seq * 1000).toISOString(),
    mediaTimeMs: null,
    replyTo: null,
    mentions: [],
    ...more,
  }) as RoomEvent & Message;

export const removed = (seq: number, ...messageIds: string[]): RoomEvent =>
  ServerFrame.parse({
    kind: 'removed',
    seq,
    messageIds,
    by: 'moderator',
    at: new Date(SENT_AT_MS).toISOString(),
  }) as RoomEvent;

export const view = (settings: object = {}, more: object = {}): RoomView =>
  RoomView.parse({
    streamState: 'live',
    isOpen: true,
    settings: {
      ...{ slowSeconds: 0, followersOnlyMinutes: null, subscribersOnly: false, emoteOnly: false, unique: false },
      ...{ minAccountAgeMinutes: 0, beforeLive: 'open', afterLive: 'closed', ...settings },
    },
    automaticSlowSeconds: 0,
    shield: null,
    judge: 'off',
    pinned: null,
    ...more,
  });

export const hello = (backlog: RoomEvent[] = [], more: object = {}): ServerFrame =>
  ServerFrame.parse({
    kind: 'hello',
    v: 1,
    room: view(),
    you: { ...person('ben'), maySend: true, mayModerate: false },
    limits: { messageCharacters: 500, frameBytes: 4096, framesPerSecond: 10, resumeSeconds: 300 },
    backlog,
    isComplete: false,
    seq: backlog.at(-1)?.seq ?? 0,
    resumeToken: 'token-1',
    frameIntervalMs: 0,
    tally: { reactions: NO_REACTIONS, upvotes: 0, viewers: 0, poll: null },
    serverTimeMs: SENT_AT_MS,
    ...more,
  });

export const announced = (seq: number, text: string, more: object = {}): RoomEvent =>
  ServerFrame.parse({
    kind: 'announcement',
    seq,
    author: person('ada', ['owner']),
    text,
    mediaTimeMs: null,
    at: new Date(SENT_AT_MS + seq * 1000).toISOString(),
    ...more,
  }) as RoomEvent;

export const pinnedAt = (seq: number, message: Message | null): RoomEvent =>
  ServerFrame.parse({ kind: 'pin', seq, message, at: new Date(SENT_AT_MS).toISOString() }) as RoomEvent;

export const tallied = (reactions: object, more: object = {}, mediaTimeMs: number | null = null): ServerFrame =>
  ServerFrame.parse({
    kind: 'tally',
    tally: { reactions: { ...NO_REACTIONS, ...reactions }, upvotes: 0, viewers: 0, poll: null, ...more },
    mediaTimeMs,
  });

export const asked = (question: string, more: object = {}) =>
  Poll.parse({
    id: 'pl_aaaa',
    question,
    options: [
      { text: 'Yes', votes: 0 },
      { text: 'No', votes: 0 },
    ],
    votes: 0,
    state: 'open',
    mediaTimeMs: null,
    openedAt: new Date(SENT_AT_MS).toISOString(),
    closesAt: new Date(SENT_AT_MS + 60_000).toISOString(),
    ...more,
  });

// The words of a room, one file per idea under chat/.
export * from './chat/client-frames.ts';
export * from './chat/closing.ts';
export * from './chat/connect.ts';
export * from './chat/desk.ts';
export * from './chat/events.ts';
export * from './chat/held.ts';
export * from './chat/limits.ts';
export * from './chat/message.ts';
export * from './chat/polls.ts';
export * from './chat/reaction-words.ts';
export * from './chat/reactions.ts';
export * from './chat/server-frames.ts';
export * from './chat/settings.ts';
export * from './chat/tally.ts';
export * from './chat/text.ts';
export * from './chat/viewers.ts';

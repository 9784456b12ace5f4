// What a scope lets an app do, in the words of the person whose app it is not.
import type { Scope } from '../protocol/claims.ts';

export const SCOPE_WORDS: Record<Scope, { may: string; careful?: string }> = {
  profile: { may: 'See your name and your handle' },
  'streams:read': { may: 'See your channels, your streams and how they are doing' },
  'streams:write': { may: 'Open, change and end your streams' },
  'channel:manage:keys': {
    may: 'Make and take away your stream keys',
    careful: 'Whoever has a key can broadcast on your channel.',
  },
  'chat:read': { may: 'Read chat as you' },
  'chat:write': { may: 'Write in chat under your name' },
  'channel:moderate': { may: 'Moderate wherever you may', careful: 'It can remove what people write, and people.' },
  'clips:write': { may: 'Make clips for you' },
  'analytics:read': { may: 'See how many watched your streams' },
  'audit:read': {
    may: 'Read the audit log, if you are an administrator',
    careful: 'It shows what everybody does here.',
  },
  offline_access: { may: 'Go on while you are away, until you take it back' },
};

// What the pages ask of the API, by its name.
import type { Genre } from '../protocol/api.ts';
import { API_PREFIX } from '../protocol/paths.ts';
import { type AnswerOf, answer, type BodyOf, doors, type QueryOf } from './api-client.ts';

export { ApiError } from './api-client.ts';

/** What is looked for in the audit log. */
export type AuditQuery = Omit<QueryOf<typeof doors.audit.$get>, 'format'>;
/** Without a `format` the answer is a page. */
type AuditPage = Extract<AnswerOf<Awaited<ReturnType<typeof doors.audit.$get>>>, { events: unknown }>;

export const api = {
  audit: async (query: AuditQuery) => (await answer(doors.audit.$get({ query }))) as AuditPage,
  session: () => answer(doors.session.$get()),
  signIn: (user: string) => answer(doors.session.$post({ json: { user } })),
  signOut: () => answer(doors.session.$delete()),
  browserSessions: () => answer(doors.sessions.$get()),
  revokeSession: (id: string) => answer(doors.sessions[':id'].$delete({ param: { id } })),
  revokeOtherSessions: () => answer(doors.sessions.$delete()),
  liveStreams: (genre: Genre | null, cursor?: string) =>
    answer(doors.streams.$get({ query: { genre: genre ?? undefined, cursor } })),
  myStreams: (state: 'live' | 'waiting' | 'ended') =>
    answer(doors.streams.$get({ query: { mine: 'true', state, limit: '50' } })),
  createStream: (json: BodyOf<typeof doors.streams.$post>) => answer(doors.streams.$post({ json })),
  updateStream: (id: string, json: BodyOf<(typeof doors.streams)[':id']['$patch']>) =>
    answer(doors.streams[':id'].$patch({ param: { id }, json })),
  endStream: (id: string) => answer(doors.streams[':id'].$delete({ param: { id } })),
  health: (id: string) => answer(doors.streams[':id'].health.$get({ param: { id } })),
  channel: (id: string) => answer(doors.channels[':id'].$get({ param: { id } })),
  /** Comes in to a stream that is not open to everybody. */
  pass: (id: string, password?: string) =>
    answer(doors.streams[':id'].pass.$post({ param: { id }, json: { password } })),
  members: (id: string) => answer(doors.streams[':id'].members.$get({ param: { id } })),
  invite: (id: string, name: string) => answer(doors.streams[':id'].members[':user'].$put({ param: member(id, name) })),
  uninvite: (id: string, name: string) =>
    answer(doors.streams[':id'].members[':user'].$delete({ param: member(id, name) })),
  followOf: (channelId: string) => answer(doors.users.me.follows.$get({ query: { channelId } })),
  follow: (id: string) => answer(doors.channels[':id'].follow.$put({ param: { id } })),
  unfollow: (id: string) => answer(doors.channels[':id'].follow.$delete({ param: { id } })),
  myChannels: () => answer(doors.channels.$get()),
  rotateKey: (id: string, disconnectEncoder: boolean) =>
    answer(doors.channels[':id']['stream-key'].$post({ param: { id }, json: { disconnectEncoder } })),
};

/** Where the browser itself fetches the log as a file. */
export const auditExportPath = (question: AuditQuery, format: 'csv' | 'ndjson'): string =>
  API_PREFIX + doors.audit.$path({ query: { ...question, format } });

/** A name is as somebody typed it. */
const member = (id: string, name: string) => ({ id, user: encodeURIComponent(name) });

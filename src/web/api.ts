// Talks to the REST API: types from the protocol, errors as one class that carries the problem in words.
import type {
  Channel,
  CreatedStream,
  CreateStream,
  Genre,
  RotatedStreamKey,
  Stream,
  StreamPage,
  UpdateStream,
} from '../protocol/api.ts';
import type { AuditPage } from '../protocol/audit-log.ts';
import type { Session } from '../protocol/claims.ts';
import type { Problem } from '../protocol/errors.ts';
import type { HealthReport } from '../protocol/live.ts';
import type { Follow } from '../protocol/people.ts';
import type { BrowserSessionList } from '../protocol/sign-in.ts';
import type { Member, ViewingPass } from '../protocol/viewing.ts';

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly problem: Problem | null;

  constructor(status: number, problem: Problem | null) {
    super(problem?.detail ?? 'The server could not be reached. Check your connection and try again.');
    this.status = status;
    this.problem = problem;
  }
}

export const api = {
  audit: (question: Record<string, string | undefined>) => request<AuditPage>('GET', `/audit?${query(question)}`),
  session: () => request<Session>('GET', '/session'),
  signIn: (user: string) => request<Session>('POST', '/session', { user }),
  signOut: () => request<void>('DELETE', '/session'),
  browserSessions: () => request<BrowserSessionList>('GET', '/sessions'),
  revokeSession: (id: string) => request<void>('DELETE', `/sessions/${id}`),
  revokeOtherSessions: () => request<void>('DELETE', '/sessions'),
  liveStreams: (genre: Genre | null, cursor?: string) =>
    request<StreamPage>('GET', `/streams?${query({ genre: genre ?? undefined, cursor })}`),
  myStreams: (state: 'live' | 'waiting' | 'ended') =>
    request<StreamPage>('GET', `/streams?${query({ mine: 'true', state, limit: '50' })}`),
  createStream: (stream: Partial<CreateStream>) => request<CreatedStream>('POST', '/streams', stream),
  updateStream: (id: string, changes: UpdateStream) => request<Stream>('PATCH', `/streams/${id}`, changes),
  endStream: (id: string) => request<void>('DELETE', `/streams/${id}`),
  health: (id: string) => request<HealthReport>('GET', `/streams/${id}/health`),
  channel: (id: string) => request<Channel>('GET', `/channels/${id}`),
  /** Comes in to a stream that is not open to everybody. */
  pass: (id: string, password?: string) => request<ViewingPass>('POST', `/streams/${id}/pass`, { password }),
  members: (id: string) => request<{ members: Member[] }>('GET', `/streams/${id}/members`),
  invite: (id: string, name: string) => request<Member>('PUT', `/streams/${id}/members/${encodeURIComponent(name)}`),
  uninvite: (id: string, name: string) => request<void>('DELETE', `/streams/${id}/members/${encodeURIComponent(name)}`),
  followOf: (channelId: string) => request<{ follows: Follow[] }>('GET', `/users/me/follows?${query({ channelId })}`),
  follow: (channelId: string) => request<void>('PUT', `/channels/${channelId}/follow`),
  unfollow: (channelId: string) => request<void>('DELETE', `/channels/${channelId}/follow`),
  myChannels: () => request<{ channels: Channel[] }>('GET', '/channels'),
  rotateKey: (id: string, disconnectEncoder: boolean) =>
    request<RotatedStreamKey>('POST', `/channels/${id}/stream-key`, { disconnectEncoder }),
};

/** Where the browser itself fetches the log as a file. */
export const auditExportPath = (question: Record<string, string | undefined>, format: 'csv' | 'ndjson'): string =>
  `/api/v1/audit?${query({ ...question, format })}`;

const TIMEOUT_MS = 15_000;

/** One request to the API; anything but a 2xx is thrown as an ApiError. */
export async function request<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: 'same-origin',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => {
    throw new ApiError(0, null);
  });
  if (!response.ok) throw new ApiError(response.status, await readProblem(response));
  return (response.status === 204 ? undefined : await response.json().catch(() => undefined)) as Answer;
}

/** An answer that is no problem+json (a proxy's page) has a status and nothing else. */
async function readProblem(response: Response): Promise<Problem | null> {
  try {
    const problem = (await response.json()) as Problem;
    return typeof problem.detail === 'string' ? problem : null;
  } catch {
    return null;
  }
}

function query(values: Record<string, string | undefined>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(given).toString();
}

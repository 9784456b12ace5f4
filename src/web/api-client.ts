// The API as the doors themselves describe it: paths, what they take and what they answer come from their types.
import { type ClientResponse, hc, type InferRequestType } from 'hono/client';
import type { Api } from '../app.ts';
import type { Problem } from '../protocol/errors.ts';
import { API_PREFIX } from '../protocol/paths.ts';
import { withPass } from './player/pass-url.ts';

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

const TIMEOUT_MS = 15_000;

const send = (url: RequestInfo | URL, init?: RequestInit) =>
  fetch(url, { ...init, credentials: 'same-origin', signal: AbortSignal.timeout(TIMEOUT_MS) });

/** A door by its path and method: `doors.streams[':id'].$get({ param: { id } })`. */
export const doors = hc<Api>(API_PREFIX, { fetch: send });

/** For a request of somebody who came in by a viewing pass: the pass of the moment goes along. */
export const passing = (pass: () => string | null) => ({
  fetch: (url: RequestInfo | URL, init?: RequestInit) => send(withPass(String(url), pass()), init),
});

/** The body that a door takes. */
export type BodyOf<Door> = InferRequestType<Door> extends { json: infer Body } ? Body : never;
/** The query that a door takes. */
export type QueryOf<Door> = InferRequestType<Door> extends { query: infer Query } ? Query : never;

/** What a door answers when it does as it was asked; every other status is a problem. */
export type AnswerOf<Given> =
  Given extends ClientResponse<infer Body, infer Status>
    ? Status extends 200 | 201 | 202
      ? Body
      : Status extends 204
        ? undefined
        : never
    : never;

/** The answer to one request; anything but a 2xx is thrown as an ApiError. */
export async function answer<Given extends ClientResponse<unknown, number>>(
  asked: Promise<Given>,
): Promise<AnswerOf<Given>> {
  const response = await asked.catch(() => {
    throw new ApiError(0, null);
  });
  if (!response.ok) throw new ApiError(response.status, await readProblem(response));
  return (response.status === 204 ? undefined : await response.json().catch(() => undefined)) as AnswerOf<Given>;
}

/** An answer that is no problem+json (a proxy's page) has a status and nothing else. */
async function readProblem(response: ClientResponse<unknown, number>): Promise<Problem | null> {
  try {
    const problem = (await response.json()) as Problem;
    return typeof problem.detail === 'string' ? problem : null;
  } catch {
    return null;
  }
}

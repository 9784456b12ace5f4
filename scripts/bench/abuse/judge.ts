// Is this answer to a bad request one that the documentation knows?
import { ERRORS, type ErrorCode } from '../../../src/protocol/errors.ts';
import type { Kind } from './bad-traffic.ts';
import type { RawAnswer } from './raw-request.ts';

/** What the HTTP server says before the Worker is asked: it cannot read the request, or not take it. */
const BEFORE_THE_WORKER: Partial<Record<Kind, readonly number[]>> = {
  'huge header': [400, 431],
  'unknown method': [400, 501],
  'header injection': [400],
  'path trick': [400, 414, 431],
};

/** Null when it does; else what is wrong with it, in words. */
export function complaintOf(kind: Kind, answer: RawAnswer | string): string | null {
  if (typeof answer === 'string') return answer;
  const { status, headers, body } = answer;
  if (headers['x-request-id'] === undefined) {
    return BEFORE_THE_WORKER[kind]?.includes(status)
      ? null
      : `${status} from in front of the Worker: ${body.slice(0, 120)}`;
  }
  if (status < 400 || status > 499) return `${status}: ${body.slice(0, 200)}`;
  if (headers['set-cookie'] || headers.location) return 'a header of the sender came back';
  return isProblem(answer) || (kind === 'bad OAuth form' && isOAuthError(answer))
    ? null
    : `${status} is no documented refusal: ${body.slice(0, 120)}`;
}

function isProblem({ status, headers, body }: RawAnswer): boolean {
  if (headers['content-type'] !== 'application/problem+json') return false;
  const problem = parsed(body);
  return ERRORS[problem?.code as ErrorCode]?.[0] === status && problem?.status === status;
}

/** RFC 6749 section 5.2. */
const isOAuthError = ({ body }: RawAnswer): boolean => typeof parsed(body)?.error === 'string';

function parsed(body: string): Record<string, unknown> | null {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

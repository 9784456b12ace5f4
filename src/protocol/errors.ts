// The one class of error and its closed list of codes; a door answers each as problem+json (RFC 9457).
import { z } from 'zod';

/** code -> [HTTP status, title]. The title never changes per occurrence; the detail does. */
export const ERRORS = {
  invalid_request: [400, 'The request is not valid'],
  invalid_sdp: [400, 'The SDP cannot be used'],
  unknown_frame: [400, 'The kind of frame is not known'],
  unauthenticated: [401, 'You are not signed in'],
  invalid_stream_key: [401, 'The stream key is not valid'],
  forbidden: [403, 'You may not do this'],
  pass_needed: [403, 'A viewing pass is needed'],
  password_needed: [403, 'The right password is needed'],
  sign_in_refused: [403, 'The sign-in was refused'],
  quota_exceeded: [403, 'There is no room for another'],
  followers_only: [403, 'Only followers may say something'],
  subscribers_only: [403, 'Only subscribers may say something'],
  banned: [403, 'You may not say anything here'],
  account_too_new: [403, 'The account is too new to say something'],
  not_found: [404, 'There is nothing here'],
  stream_not_live: [404, 'The stream is not live'],
  method_not_allowed: [405, 'This method is not supported here'],
  conflict: [409, 'This conflicts with the present state'],
  already_publishing: [409, 'Somebody is publishing to this channel'],
  room_closed: [409, 'The room is closed'],
  said_before: [409, 'That was said before'],
  request_under_way: [409, 'The first request with this key is still under way'],
  rendition_gone: [410, 'This quality is no longer made'],
  stream_gone: [410, 'The stream was removed'],
  stale_etag: [412, 'The resource has changed since you read it'],
  payload_too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'The content type is not supported'],
  unsupported_media: [422, 'The offered media cannot be accepted'],
  emote_only: [422, 'Only emoji may be said'],
  message_denied: [422, 'The message may not be said here'],
  message_held: [422, 'The message needs a look first'],
  idempotency_key_reused: [422, 'The key was used for another request'],
  precondition_required: [428, 'An If-Match header is required'],
  slow_mode: [429, 'The room is in slow mode'],
  appeal_too_soon: [429, 'It is too soon for another appeal'],
  rate_limited: [429, 'Too many requests'],
  headers_too_large: [431, 'The headers are too large'],
  internal: [500, 'Something broke on our side'],
  provider_unreachable: [502, 'The sign-in provider cannot be reached'],
  no_capacity: [503, 'No transcoder has room at the moment'],
  blocked_too_long: [503, 'The awaited media did not come in time'],
  overloaded: [503, 'More is asked of this stream than can be answered'],
  too_many_waiting: [503, 'Too many requests are waiting for this stream'],
} as const;

export type ErrorCode = keyof typeof ERRORS;
export const ErrorCode = z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]);

/** The body of every error answer; `application/problem+json`. */
export const Problem = z.object({
  type: z.string().describe('A stable address of this kind of problem'),
  code: ErrorCode,
  title: z.string(),
  status: z.number().int(),
  detail: z.string().describe('What happened, the likely cause, and what to do'),
  issues: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .optional()
    .describe('Which fields of the request were wrong'),
  retryAfterSeconds: z.number().int().optional(),
  appealAt: z.string().optional().describe('Where a ban is appealed: a path of the API'),
});
export type Problem = z.infer<typeof Problem>;

export interface ErrorFacts {
  issues?: { path: string; message: string }[];
  retryAfterSeconds?: number;
  appealAt?: string;
}

/** Thrown where a problem is noticed, answered where the request is owned. */
export class FootlightError extends Error {
  override readonly name = 'FootlightError';
  readonly code: ErrorCode;
  readonly facts: ErrorFacts;

  constructor(code: ErrorCode, detail: string, facts: ErrorFacts = {}) {
    super(detail);
    this.code = code;
    this.facts = facts;
  }

  get status(): number {
    return ERRORS[this.code][0];
  }
}

export const toProblem = ({ code, message, facts }: FootlightError): Problem => ({
  type: `urn:footlight:problem:${code}`,
  code,
  title: ERRORS[code][1],
  status: ERRORS[code][0],
  detail: message,
  ...facts,
});

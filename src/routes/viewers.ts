// Who may come in to a gated stream: by who they are, or by the pass in the URL.
import { readPass, viewingKey } from '../auth/viewing-pass.ts';
import { isAllowed, rolesAt, scopeOf } from '../domain/access.ts';
import { isGated, isPassGood, type Offering, policyOf } from '../domain/visibility.ts';
import type { Visibility } from '../protocol/api.ts';
import type { Scope } from '../protocol/claims.ts';
import { FootlightError } from '../protocol/errors.ts';
import type { StreamId } from '../protocol/ids.ts';
import { PASS_PARAMETER } from '../protocol/paths.ts';
import { isMember } from '../storage/gates.ts';
import { findChannelRole } from '../storage/roles.ts';
import { findStream, type StreamRecord } from '../storage/streams.ts';
import { note } from './audit-note.ts';
import type { AppContext } from './context.ts';

/** What a token must have been issued for to be let in, unless the door at hand asks for another. */
const ENTER_SCOPE = scopeOf('stream.enter');

/** Does whoever asks need neither password nor another's word: as a keeper of the channel or platform, or as invited? */
export async function mayEnter(c: AppContext, stream: StreamRecord, scope = ENTER_SCOPE): Promise<boolean> {
  const principal = c.get('principal');
  if (!principal || (scope !== 'ours' && !principal.scopes.has(scope))) return false;
  const { id: streamId, channelId, ownerId } = stream;
  const channelRole = await findChannelRole(c.env.DB, { channelId, userId: principal.id });
  if (isAllowed('stream.enter', rolesAt(principal, { ownerId }, channelRole))) return true;
  const { entry } = policyOf(stream.visibility);
  return entry === 'invitation' && isMember(c.env.DB, { streamId, userId: principal.id });
}

interface Asked {
  /** What they want of it. */
  offering?: Offering;
  scope?: Scope | 'ours';
}

/** The stream, where whoever asks has come in, by who they are or by a pass; else 404, as for one that was never made, or 403. */
export async function knownStream(
  c: AppContext,
  id: StreamId,
  { offering = 'details', scope = ENTER_SCOPE }: Asked = {},
): Promise<StreamRecord> {
  const stream = await findStream(c.env.DB, id);
  if (!stream) throw unknownStream(id);
  if (!isGated(stream.visibility, offering) || (await mayEnter(c, stream, scope))) return stream;
  const verdict = await judgePass(c.env, { pass: c.req.query(PASS_PARAMETER), gate: stream, nowMs: Date.now() });
  if (verdict === 'good') return stream;
  if (isGated(stream.visibility, 'details')) throw turnedAway(c, id);
  throw new FootlightError('pass_needed', 'The stream is not open to everybody. Send a viewing pass along as ?pass=.');
}

export const unknownStream = (id: string): FootlightError =>
  new FootlightError('not_found', `There is no stream ${id}, or it is private and you are not invited. Check the id.`);

/** A person who is not invited hears what they would hear of a stream that was never made; the log knows better. */
export function turnedAway(c: AppContext, id: StreamId): FootlightError {
  if (c.get('principal')) {
    note(c, {
      action: 'right.refused',
      target: { type: 'stream', id },
      reason: 'It is private, and they are not invited.',
    });
  }
  return unknownStream(id);
}

/** When the pass runs out by which somebody with an account is in; null: they need none. */
export async function passEndFor(c: AppContext, stream: StreamRecord, asked: Required<Asked>): Promise<number | null> {
  const endMs = await passEndMs(c, stream, asked.offering);
  return endMs === null || (await mayEnter(c, stream, asked.scope)) ? null : endMs;
}

/** When the pass runs out by which somebody without an account is in; null: the stream needs none. */
export async function passEndMs(c: AppContext, stream: StreamRecord, offering: Offering): Promise<number | null> {
  const pass = c.req.query(PASS_PARAMETER);
  if (!isGated(stream.visibility, offering) || !pass) return null;
  return (await readPass(await viewingKey(c.env.VIEWING_KEY), pass))?.expiresAtMs ?? null;
}

/** What the edge knows of a stream's gate. */
export interface Gate {
  id: StreamId;
  visibility: Visibility;
  gateAtMs: number;
}

/** `void`: it was good for this stream once. `none`: there is none, a forged one, or one of another stream, which says nothing of this one. */
export type PassVerdict = 'good' | 'void' | 'none';

export async function judgePass(
  env: Pick<Env, 'VIEWING_KEY'>,
  { pass, gate, nowMs }: { pass: string | null | undefined; gate: Gate; nowMs: number },
): Promise<PassVerdict> {
  if (!pass) return 'none';
  const facts = await readPass(await viewingKey(env.VIEWING_KEY), pass);
  if (facts?.streamId !== gate.id) return 'none';
  return isPassGood(facts, gate, nowMs) ? 'good' : 'void';
}

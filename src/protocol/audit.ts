// The words of the audit log: who did what to what, and what it was before and after.
import { z } from 'zod';
import { AuditId } from './ids.ts';

/** Closed: a door that does something new adds its word here. */
export const AUDIT_ACTIONS = [
  'user.created',
  'user.changed',
  'user.role_changed',
  'user.exported',
  'user.erased',
  'user.followed',
  'user.unfollowed',
  'session.created',
  'session.revoked',
  'sign_in.refused',
  'right.refused',
  'stream.created',
  'stream.updated',
  'stream.started',
  'stream.interrupted',
  'stream.resumed',
  'stream.ended',
  'stream_key.replaced',
  'stream_key.revoked',
  'member.invited',
  'member.removed',
  'channel_role.given',
  'channel_role.taken',
  'message.sent',
  'message.removed',
  'message.pinned',
  'message.held',
  'message.approved',
  'message.denied',
  'message.expired',
  'rules.changed',
  'ban.placed',
  'ban.lifted',
  'report.made',
  'report.answered',
  'note.written',
  'note.deleted',
  'user.blocked',
  'user.unblocked',
  'appeal.made',
  'appeal.answered',
  'shield.set',
  'shield.raised',
  'shield.lowered',
  'room.changed',
  'room.announced',
  'room.cleared',
  'poll.opened',
  'poll.voted',
  'poll.ended',
  'poll.cancelled',
  'stream.upvoted',
  'stream.upvote_withdrawn',
  'app.registered',
  'app.changed',
  'app.deleted',
  'app.secret_rotated',
  'grant.given',
  'grant.revoked',
  'grant.reuse_detected',
  'token.issued',
  'signing_key.rotated',
  'webhook.created',
  'webhook.changed',
  'webhook.deleted',
  'webhook.tested',
  'webhook.replayed',
  /** Said by who reads the log, of a row whose content is no entry any more. */
  'log.unreadable',
] as const;
export const AuditAction = z.enum(AUDIT_ACTIONS);
export type AuditAction = z.infer<typeof AuditAction>;

/** What changed, as plain values; never a secret, and of a person's text only what the log is for. */
export const Facts = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
);
export type Facts = z.infer<typeof Facts>;

/** The last moment that a Date can say. */
const LAST_MS = 8.64e15;

export const AuditEntry = z.object({
  id: AuditId,
  atMs: z.number().int().min(0).max(LAST_MS),
  actor: z.object({
    kind: z.enum(['user', 'app', 'node', 'system', 'nobody']),
    /** A user, an app or a node; null for the others. */
    id: z.string().nullable(),
    /** The app that acted for the user; null: our own pages. */
    appId: z.string().nullable(),
  }),
  action: AuditAction,
  target: z.object({ type: z.string(), id: z.string() }).nullable(),
  before: Facts.nullable(),
  after: Facts.nullable(),
  reason: z.string().nullable(),
  requestId: z.string().nullable(),
  /** The sender's network, truncated (IPv4 /24, IPv6 /48); null where there is none. */
  network: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** What a door knows of it; the rest is the request's own. */
export type Interaction = Pick<AuditEntry, 'action'> &
  Partial<Pick<AuditEntry, 'target' | 'before' | 'after' | 'reason' | 'actor'>>;

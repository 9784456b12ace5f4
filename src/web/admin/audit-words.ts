// What the audit log says, in words that people read. Pure.
import type { AuditAction, Facts } from '../../protocol/audit.ts';
import type { AuditRecord } from '../../protocol/audit-log.ts';

export const ACTION_WORDS: Record<AuditAction, string> = {
  'user.created': 'made an account',
  'user.changed': 'changed their account',
  'user.role_changed': 'changed the role of',
  'user.exported': 'took their data along',
  'user.erased': 'had their account erased',
  'user.followed': 'followed',
  'user.unfollowed': 'no longer follows',
  'session.created': 'signed in',
  'session.revoked': 'signed a browser out',
  'sign_in.refused': 'was refused at sign-in',
  'right.refused': 'was refused',
  'stream.created': 'opened a stream',
  'stream.updated': 'changed a stream',
  'stream.started': 'went live',
  'stream.interrupted': 'was interrupted',
  'stream.resumed': 'is live again',
  'stream.ended': 'ended a stream',
  'stream_key.replaced': 'replaced a stream key',
  'stream_key.revoked': 'took a stream key away',
  'member.invited': 'invited somebody',
  'member.removed': 'took an invitation back',
  'channel_role.given': 'gave a role on a channel',
  'channel_role.taken': 'took a role on a channel away',
  'message.sent': 'said something',
  'rules.changed': 'changed how messages are judged',
  'ban.placed': 'banned somebody',
  'ban.lifted': 'lifted a ban',
  'report.made': 'reported a message',
  'report.answered': 'answered a report',
  'note.written': 'wrote a note about somebody',
  'note.deleted': 'deleted a note about somebody',
  'user.blocked': 'blocked',
  'user.unblocked': 'no longer blocks',
  'appeal.made': 'appealed against a ban',
  'appeal.answered': 'answered an appeal',
  'shield.set': 'changed the shield of a channel',
  'shield.raised': 'raised a shield',
  'shield.lowered': 'lowered a shield',
  'message.held': 'had a message held for a moderator',
  'message.approved': 'approved a held message',
  'message.denied': 'denied a message',
  'message.expired': 'dropped a held message that nobody looked at',
  'message.removed': 'removed a message',
  'message.pinned': 'pinned a message',
  'room.changed': 'changed how a room is set',
  'room.announced': 'made an announcement',
  'room.cleared': 'cleared the chat',
  'poll.opened': 'asked a poll',
  'poll.voted': 'voted in a poll',
  'poll.ended': 'ended a poll',
  'poll.cancelled': 'took a poll away',
  'stream.upvoted': 'gave a stream their upvote',
  'stream.upvote_withdrawn': 'took their upvote back',
  'app.registered': 'registered an app',
  'app.changed': 'changed an app',
  'app.deleted': 'deleted an app',
  'app.secret_rotated': 'replaced the secret of an app',
  'grant.given': 'allowed an app',
  'grant.revoked': 'took an approval back',
  'grant.reuse_detected': 'used a token twice; its approval has ended',
  'token.issued': 'got an access token',
  'signing_key.rotated': 'made a new signing key',
  'webhook.created': 'made a webhook',
  'webhook.changed': 'changed a webhook',
  'webhook.deleted': 'deleted a webhook',
  'webhook.tested': 'tested a webhook',
  'webhook.replayed': 'sent a delivery again',
  'log.unreadable': 'left a row that cannot be read',
};

/** These happen to a stream by themselves; nobody did them. */
const BY_ITSELF: Partial<Record<AuditAction, string>> = {
  'stream.started': 'A stream went live',
  'stream.interrupted': 'A stream was interrupted',
  'stream.resumed': 'A stream is live again',
  'stream.ended': 'A stream ended',
  'signing_key.rotated': 'A new signing key was made',
  'log.unreadable': 'A row of the log cannot be read',
};

/** "Ada changed a stream", "A stream went live". */
export function sentence({ actor, action }: Pick<AuditRecord, 'actor' | 'action'>): string {
  const byItself = actor.kind === 'system' || actor.kind === 'node' ? BY_ITSELF[action] : undefined;
  return byItself ?? `${actorWords(actor)} ${ACTION_WORDS[action]}`;
}

export function actorWords({ kind, id, name }: AuditRecord['actor']): string {
  if (name !== null) return name;
  switch (kind) {
    case 'user':
      return id?.startsWith('pp_') || id === 'unknown' ? 'Somebody who left' : (id ?? 'Somebody');
    case 'app':
      return `The app ${id ?? ''}`.trim();
    case 'node':
      return `The node ${id ?? ''}`.trim();
    case 'system':
      return 'Footlight';
    case 'nobody':
      return 'Somebody unknown';
    default:
      return kind satisfies never;
  }
}

export interface Change {
  name: string;
  before: string | null;
  after: string | null;
}

/** What it was and what it became, field by field. */
export function changesOf({ before, after }: Pick<AuditRecord, 'before' | 'after'>): Change[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names.map((name) => ({
    name: fieldWords(name),
    before: valueWords(before, name),
    after: valueWords(after, name),
  }));
}

/** "reconnectWindowSeconds" as "reconnect window seconds". */
const fieldWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function valueWords(facts: Facts | null, name: string): string | null {
  const value = facts?.[name];
  if (value === undefined) return null;
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number' && name.endsWith('AtMs')) return new Date(value).toISOString();
  return Array.isArray(value) ? value.join(', ') : String(value);
}

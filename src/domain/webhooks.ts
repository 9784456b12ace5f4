// Which entries of the audit log are events for webhooks, and which webhooks are told of them.
import type { AuditEntry } from '../protocol/audit.ts';
import type { ChannelId, StreamId, UserId } from '../protocol/ids.ts';
import {
  TEST_EVENT_TYPE,
  WEBHOOK_EVENT_TYPES,
  type WebhookEvent,
  type WebhookEventType,
  type WebhookStatus,
} from '../protocol/webhooks.ts';

/** An entry that somebody may want to hear of; its id is that of the entry, so that duplicates show. */
export interface AuditEvent {
  id: string;
  type: WebhookEventType;
  atMs: number;
  /** Where it happened: its channel, or a stream whose channel is still to be looked up. */
  place: { channelId: ChannelId } | { streamId: StreamId };
  entry: AuditEntry;
}

/** Null: nothing that webhooks tell of, or an entry that names no channel. */
export function toEvent(entry: AuditEntry): AuditEvent | null {
  const type = WEBHOOK_EVENT_TYPES.find((known) => known === entry.action);
  const place = type && placeOf(entry);
  return type && place ? { id: entry.id, type, atMs: entry.atMs, place, entry } : null;
}

function placeOf({ target, after, before }: AuditEntry): AuditEvent['place'] | null {
  if (target?.type === 'channel') return { channelId: target.id as ChannelId };
  const named = after?.channelId ?? before?.channelId;
  if (typeof named === 'string') return { channelId: named as ChannelId };
  return target?.type === 'stream' ? { streamId: target.id as StreamId } : null;
}

/** What is told; network, reason and request stay in the log. */
export const describeEvent = ({ type, atMs, place, entry }: AuditEvent, channelId: ChannelId): WebhookEvent => ({
  type,
  timestamp: new Date(atMs).toISOString(),
  data: {
    channelId,
    streamId:
      entry.target?.type === 'stream' ? (entry.target.id as StreamId) : 'streamId' in place ? place.streamId : null,
    actorId: entry.actor.id,
    target: entry.target,
    before: entry.before,
    after: entry.after,
  },
});

export const testEvent = ({ atMs, userId }: { atMs: number; userId: UserId }): WebhookEvent => ({
  type: TEST_EVENT_TYPE,
  timestamp: new Date(atMs).toISOString(),
  data: { channelId: null, streamId: null, actorId: userId, target: null, before: null, after: null },
});

interface Subscription {
  ownerId: UserId;
  channelId: ChannelId | null;
  events: readonly WebhookEventType[];
  enabled: boolean;
}

/** A webhook hears of the channels that its owner owns at this moment. */
export const wants = (
  webhook: Subscription,
  type: WebhookEventType,
  channel: { id: ChannelId; ownerId: UserId },
): boolean =>
  webhook.enabled &&
  webhook.ownerId === channel.ownerId &&
  (webhook.channelId === null || webhook.channelId === channel.id) &&
  webhook.events.includes(type);

export function statusOf(webhook: {
  enabled: boolean;
  failingSinceMs: number | null;
  goneAtMs: number | null;
}): WebhookStatus {
  if (!webhook.enabled) return webhook.goneAtMs === null ? 'disabled' : 'gone';
  return webhook.failingSinceMs === null ? 'active' : 'failing';
}

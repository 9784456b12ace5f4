import { describe, expect, it } from 'vitest';
import { describeEvent, statusOf, toEvent, wants } from '../../src/domain/webhooks.ts';
import type { AuditEntry } from '../../src/protocol/audit.ts';
import { AUDIT_ACTIONS } from '../../src/protocol/audit.ts';
import { AuditId, ChannelId, StreamId, UserId } from '../../src/protocol/ids.ts';
import { WEBHOOK_EVENT_TYPES, WebhookEvent } from '../../src/protocol/webhooks.ts';

const channelId = ChannelId.parse('ch_stage');
const streamId = StreamId.parse('st_tonight');
const ada = UserId.parse('us_ada0');

const entry = (overrides: Partial<AuditEntry> = {}): AuditEntry => ({
  id: AuditId.parse('au_first'),
  atMs: Date.UTC(2026, 10, 24, 12),
  actor: { kind: 'user', id: 'us_ben0', appId: null },
  action: 'user.followed',
  target: { type: 'channel', id: channelId },
  before: null,
  after: null,
  reason: 'a reason',
  requestId: 'request-1',
  network: '192.0.2.0/24',
  ...overrides,
});

describe('an entry of the audit log', () => {
  it.each(AUDIT_ACTIONS)('%s is an event exactly when webhooks may ask for it', (action) => {
    const event = toEvent(entry({ action }));
    expect(event !== null).toBe((WEBHOOK_EVENT_TYPES as readonly string[]).includes(action));
  });

  it('keeps its id, so that a receiver sees duplicates', () => {
    expect(toEvent(entry())?.id).toBe('au_first');
  });

  it.each([
    ['a channel', { target: { type: 'channel', id: channelId } }, { channelId }],
    ['a stream', { target: { type: 'stream', id: streamId } }, { streamId }],
    [
      'a stream, with its channel beside it',
      { target: { type: 'stream', id: streamId }, after: { channelId } },
      { channelId },
    ],
    [
      'a person, with the channel that was left',
      { target: { type: 'user', id: ada }, before: { channelId } },
      { channelId },
    ],
  ])('happens where its target says: %s', (_what, overrides, place) => {
    expect(toEvent(entry(overrides))?.place).toEqual(place);
  });

  it('that names no channel is told to nobody', () => {
    expect(toEvent(entry({ target: { type: 'user', id: ada } }))).toBeNull();
    expect(toEvent(entry({ target: null }))).toBeNull();
  });

  it('is told without the network, the reason and the request', () => {
    const event = toEvent(entry({ target: { type: 'stream', id: streamId }, after: { title: 'Tonight' } }))!;
    const told = describeEvent(event, channelId);
    expect(WebhookEvent.parse(told)).toEqual({
      type: 'user.followed',
      timestamp: '2026-11-24T12:00:00.000Z',
      data: {
        channelId,
        streamId,
        actorId: 'us_ben0',
        target: { type: 'stream', id: streamId },
        before: null,
        after: { title: 'Tonight' },
      },
    });
    expect(JSON.stringify(told)).not.toMatch(/192|reason|request-1/);
  });
});

describe('a webhook', () => {
  const webhook = { ownerId: ada, channelId: null, events: ['stream.started' as const], enabled: true };
  const channel = { id: channelId, ownerId: ada };

  it('hears what it asked for, on every channel of its owner', () => {
    expect(wants(webhook, 'stream.started', channel)).toBe(true);
    expect(wants({ ...webhook, channelId }, 'stream.started', channel)).toBe(true);
  });

  it.each([
    ['of other events', webhook, 'stream.ended', channel],
    ['of the channel of somebody else', webhook, 'stream.started', { ...channel, ownerId: UserId.parse('us_ben0') }],
    [
      'of another channel than its own',
      { ...webhook, channelId: ChannelId.parse('ch_other') },
      'stream.started',
      channel,
    ],
    ['while it is switched off', { ...webhook, enabled: false }, 'stream.started', channel],
  ] as const)('hears nothing %s', (_what, hook, type, where) => {
    expect(wants(hook, type, where)).toBe(false);
  });

  it.each([
    ['active', { enabled: true, failingSinceMs: null, goneAtMs: null }],
    ['failing', { enabled: true, failingSinceMs: 1, goneAtMs: null }],
    ['disabled', { enabled: false, failingSinceMs: 1, goneAtMs: null }],
    ['gone', { enabled: false, failingSinceMs: 1, goneAtMs: 1 }],
  ] as const)('is %s', (status, webhook) => {
    expect(statusOf(webhook)).toBe(status);
  });
});

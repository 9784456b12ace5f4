// The shield of a channel: what it is, what trips it, and the one switch that puts it over every room of the channel.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { shieldView } from '../domain/chat/shield.ts';
import { ChannelId } from '../protocol/ids.ts';
import { ChannelShield, SetShield } from '../protocol/shield.ts';
import { changeShield, findShield, type ShieldRecord } from '../storage/shields.ts';
import { changes, note } from './audit-note.ts';
import type { AppContext } from './context.ts';
import { existingChannel } from './existing.ts';
import { apiDoors } from './guards/api.ts';
import { requireFresh } from './guards/etag.ts';
import { permit, requireAccount } from './guards/permit.ts';
import { forAction, json, refusals } from './openapi.ts';
import { tellRulesChanged } from './room/telling.ts';

const params = z.object({ id: ChannelId });
const UNCACHED = { 'Cache-Control': 'private, no-store' };
const body = { required: true, content: { 'application/json': { schema: SetShield } } };

export const channelShield = apiDoors()
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}/shield',
      summary: 'The shield of the channel: the saved set, what trips it, and whether it is up',
      ...forAction('shield.see'),
      request: { params },
      responses: { 200: json('The shield', ChannelShield), ...refusals('not_found') },
    }),
    async (c) => {
      const channelId = await permitted(c, c.req.valid('param').id, 'shield.see');
      return c.json(toShield(await findShield(c.env.DB, channelId), Date.now()), 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'put',
      path: '/{id}/shield',
      summary: 'Set the shield, raise it or lower it; what is left out stays. Open rooms go by it at once',
      ...forAction('shield.set'),
      request: { params, body },
      responses: { 200: json('The shield as it is now', ChannelShield), ...refusals('not_found', 'stale_etag') },
    }),
    async (c) => {
      const channelId = await permitted(c, c.req.valid('param').id, 'shield.set');
      const { mode, trips, on, seconds } = c.req.valid('json');
      const nowMs = Date.now();
      const before = await findShield(c.env.DB, channelId);
      await requireFresh(c, () => toShield(before, nowMs));
      const switched = { true: raised(nowMs + seconds * 1000), false: LOWERED, undefined: {} }[`${on}`];
      const after = await changeShield(c.env.DB, channelId, {
        ...(mode && { mode }),
        ...(trips && { trips }),
        ...switched,
      });
      noteSet(c, before, after);
      if (on) noteRaised(c, after);
      if (on === false) noteLowered(c, before, nowMs);
      await tellRulesChanged(c.env, channelId);
      return c.json(toShield(after, nowMs), 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/{id}/shield',
      summary: 'Lower the shield; the saved set stays',
      ...forAction('shield.set'),
      request: { params },
      responses: { 204: { description: 'It is down' }, ...refusals('not_found', 'stale_etag') },
    }),
    async (c) => {
      const channelId = await permitted(c, c.req.valid('param').id, 'shield.set');
      const nowMs = Date.now();
      const before = await findShield(c.env.DB, channelId);
      await requireFresh(c, () => toShield(before, nowMs));
      await changeShield(c.env.DB, channelId, LOWERED);
      noteLowered(c, before, nowMs);
      await tellRulesChanged(c.env, channelId);
      return c.body(null, 204);
    },
  );

async function permitted(c: AppContext, id: ChannelId, action: 'shield.see' | 'shield.set'): Promise<ChannelId> {
  requireAccount(c, action);
  await permit(c, action, await existingChannel(c, id));
  return id;
}

const raised = (untilMs: number) => ({ untilMs, raisedBy: 'moderator' as const });
const LOWERED = { untilMs: null, raisedBy: null };

const toShield = ({ mode, trips, untilMs, raisedBy: by }: ShieldRecord, nowMs: number): ChannelShield => ({
  mode,
  trips,
  shield: untilMs !== null && by !== null && untilMs > nowMs ? shieldView({ mode, untilMs, by }) : null,
});

function noteSet(c: AppContext, was: ShieldRecord, is: ShieldRecord): void {
  const changed = changes({ ...was.mode, ...was.trips }, { ...is.mode, ...is.trips });
  if (changed) note(c, { action: 'shield.set', target: { type: 'channel', id: is.channelId }, ...changed });
}

const noteRaised = (c: AppContext, { channelId, untilMs }: ShieldRecord): void =>
  note(c, { action: 'shield.raised', target: { type: 'channel', id: channelId }, after: { by: 'moderator', untilMs } });

function noteLowered(c: AppContext, { channelId, untilMs, raisedBy }: ShieldRecord, nowMs: number): void {
  if (untilMs === null || untilMs <= nowMs) return;
  note(c, {
    action: 'shield.lowered',
    target: { type: 'channel', id: channelId },
    before: { by: raisedBy, untilMs },
    after: { by: 'moderator' },
  });
}

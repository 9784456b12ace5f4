// How lines are judged: on a channel, by its moderators; and the words that count everywhere, by those of the platform.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { ChannelId } from '../protocol/ids.ts';
import { ChannelRules, PlatformRules, STANDARD_RULES } from '../protocol/rules.ts';
import { findRules, type KeptRules, replaceRules } from '../storage/rules.ts';
import { note } from './audit-note.ts';
import type { AppContext } from './context.ts';
import { existingChannel } from './existing.ts';
import { apiDoors, apiResource } from './guards/api.ts';
import { requireFresh } from './guards/etag.ts';
import { permit, requireAccount } from './guards/permit.ts';
import { forAction, json, refusals } from './openapi.ts';
import { tellRulesChanged } from './room/telling.ts';

const params = z.object({ id: ChannelId });
const UNCACHED = { 'Cache-Control': 'private, no-store' };
/** Of the words that came or went, in one entry of the audit log. */
const NOTED_WORDS = 50;

export const channelRules = apiDoors()
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}/rules',
      summary: 'How lines are judged on the channel',
      ...forAction('rules.see'),
      request: { params },
      responses: { 200: json('The rules', ChannelRules), ...refusals('not_found') },
    }),
    async (c) => {
      const channelId = await permitted(c, c.req.valid('param').id, 'rules.see');
      return c.json(ChannelRules.parse(await findRules(c.env.DB, channelId)), 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'put',
      path: '/{id}/rules',
      summary: 'Set how lines are judged on the channel; open rooms go by it at once',
      ...forAction('rules.change'),
      request: { params, body: { required: true, content: { 'application/json': { schema: ChannelRules } } } },
      responses: { 200: json('The rules as they are now', ChannelRules), ...refusals('not_found', 'stale_etag') },
    }),
    async (c) => {
      const channelId = await permitted(c, c.req.valid('param').id, 'rules.change');
      const before = await findRules(c.env.DB, channelId);
      await requireFresh(c, () => ChannelRules.parse(before));
      return c.json(await replace(c, { channelId, before, after: c.req.valid('json') }), 200, UNCACHED);
    },
  );

export const platformRules = apiResource()
  .openapi(
    createRoute({
      method: 'get',
      path: '/',
      summary: 'The words that are judged everywhere',
      ...forAction('rules.everywhere'),
      responses: { 200: json('The rules', PlatformRules) },
    }),
    async (c) => {
      await permit(c, 'rules.everywhere');
      return c.json(PlatformRules.parse(await findRules(c.env.DB, null)), 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'put',
      path: '/',
      summary: 'Set the words that are judged everywhere; open rooms go by them at once',
      ...forAction('rules.everywhere'),
      request: { body: { required: true, content: { 'application/json': { schema: PlatformRules } } } },
      responses: { 200: json('The rules as they are now', PlatformRules), ...refusals('stale_etag') },
    }),
    async (c) => {
      await permit(c, 'rules.everywhere');
      const before = await findRules(c.env.DB, null);
      await requireFresh(c, () => PlatformRules.parse(before));
      const { words } = c.req.valid('json');
      await replace(c, { channelId: null, before, after: { ...STANDARD_RULES, words } });
      return c.json({ words }, 200, UNCACHED);
    },
  );

async function permitted(c: AppContext, id: ChannelId, action: 'rules.see' | 'rules.change'): Promise<ChannelId> {
  requireAccount(c, action);
  await permit(c, action, await existingChannel(c, id));
  return id;
}

async function replace(
  c: AppContext,
  { channelId, before, after }: { channelId: ChannelId | null; before: KeptRules; after: ChannelRules },
): Promise<ChannelRules> {
  await replaceRules(c.env.DB, channelId, after);
  await tellRulesChanged(c.env, channelId);
  note(c, {
    action: 'rules.changed',
    target: channelId && { type: 'channel', id: channelId },
    before: factsOf(before, after),
    after: factsOf(after, before),
  });
  return after;
}

/** With the words that the other has not. */
const factsOf = ({ strictness, links, allowedSites, words, whenModelIsDown }: ChannelRules, other: ChannelRules) => ({
  strictness,
  links,
  allowedSites,
  whenModelIsDown,
  words: words
    .filter(({ text, action }) => !other.words.some((one) => one.text === text && one.action === action))
    .slice(0, NOTED_WORDS)
    .map(({ text, action }) => `${action}: ${text}`),
});

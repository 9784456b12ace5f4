// Appeals: who is banned on a channel, or everywhere, asks for another look, and a moderator answers.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { AnswerAppeal, Appeal, AppealPage, ListAppealsQuery, MakeAppeal, OwnAppeals } from '../protocol/appeals.ts';
import { AppealId, ChannelId } from '../protocol/ids.ts';
import { answerAppeal, appealsOfAll, appealsOfMine, existingAppeal, makeAppeal } from './appeals/acts.ts';
import { personBelow, personBelowEverywhere } from './bans/below.ts';
import { existingChannel } from './existing.ts';
import { apiDoors, apiResource } from './guards/api.ts';
import { permit, requireAccount } from './guards/permit.ts';
import { forAction, json, refusals } from './openapi.ts';

const params = z.object({ id: ChannelId });
const appealId = z.object({ appealId: AppealId });
const UNCACHED = { 'Cache-Control': 'private, no-store' };
const asking = { required: true, content: { 'application/json': { schema: MakeAppeal } } };
const answering = { required: true, content: { 'application/json': { schema: AnswerAppeal } } };
const ASKED = json('The appeal; a moderator answers it', Appeal);
const ANSWERED = json('The appeal as it is now', Appeal);
const MINE = json('The newest first, and from when on you may ask', OwnAppeals);
const LISTED = json(
  'A page: open ones as they came, closed ones the newest first; nextCursor leads to the next one',
  AppealPage,
);

export const channelAppeals = apiDoors()
  .openapi(
    createRoute({
      method: 'post',
      path: '/{id}/appeals',
      summary: 'Ask that the ban that stands against you on the channel be lifted',
      ...forAction('appeal.make'),
      request: { params, body: asking },
      responses: { 201: ASKED, ...refusals('not_found', 'conflict', 'appeal_too_soon') },
    }),
    async (c) => {
      requireAccount(c, 'appeal.make');
      const { id } = await existingChannel(c, c.req.valid('param').id);
      return c.json(await makeAppeal(c, id, c.req.valid('json').text), 201, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}/appeals/mine',
      summary: 'What you have asked on the channel, and what was answered',
      ...forAction('appeal.make'),
      request: { params },
      responses: { 200: MINE, ...refusals('not_found') },
    }),
    async (c) => {
      requireAccount(c, 'appeal.make');
      const { id } = await existingChannel(c, c.req.valid('param').id);
      return c.json(await appealsOfMine(c, id), 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'get',
      path: '/{id}/appeals',
      summary: 'What banned people ask on the channel',
      ...forAction('appeal.see'),
      request: { params, query: ListAppealsQuery },
      responses: { 200: LISTED, ...refusals('not_found') },
    }),
    async (c) => {
      requireAccount(c, 'appeal.see');
      const channel = await existingChannel(c, c.req.valid('param').id);
      await permit(c, 'appeal.see', channel);
      return c.json(await appealsOfAll(c, channel.id, c.req.valid('query')), 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'put',
      path: '/{id}/appeals/{appealId}/answer',
      summary: 'Answer an appeal of somebody below you: lift the ban, or uphold it. The first to answer has answered',
      ...forAction('appeal.answer'),
      request: { params: params.extend(appealId.shape), body: answering },
      responses: { 200: ANSWERED, ...refusals('not_found', 'conflict') },
    }),
    async (c) => {
      const { id, appealId } = c.req.valid('param');
      requireAccount(c, 'appeal.answer');
      await permit(c, 'appeal.answer', await existingChannel(c, id));
      const appeal = await existingAppeal(c, id, appealId);
      const where = await personBelow(c, { action: 'appeal.answer', id, userId: appeal.userId });
      return c.json(await answerAppeal(c, { ...where, appeal }, c.req.valid('json')), 200, UNCACHED);
    },
  );

export const platformAppeals = apiResource()
  .openapi(
    createRoute({
      method: 'post',
      path: '/',
      summary: 'Ask that the ban that stands against you everywhere be lifted',
      ...forAction('appeal.make'),
      request: { body: asking },
      responses: { 201: ASKED, ...refusals('not_found', 'conflict', 'appeal_too_soon') },
    }),
    async (c) => c.json(await makeAppeal(c, null, c.req.valid('json').text), 201, UNCACHED),
  )
  .openapi(
    createRoute({
      method: 'get',
      path: '/mine',
      summary: 'What you have asked about a ban everywhere, and what was answered',
      ...forAction('appeal.make'),
      responses: { 200: MINE },
    }),
    async (c) => c.json(await appealsOfMine(c, null), 200, UNCACHED),
  )
  .openapi(
    createRoute({
      method: 'get',
      path: '/',
      summary: 'What people ask who are banned everywhere',
      ...forAction('appeal.everywhere'),
      request: { query: ListAppealsQuery },
      responses: { 200: LISTED },
    }),
    async (c) => {
      await permit(c, 'appeal.everywhere');
      return c.json(await appealsOfAll(c, null, c.req.valid('query')), 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'put',
      path: '/{appealId}/answer',
      summary: 'Answer an appeal against a ban everywhere: lift it, or uphold it. The first to answer has answered',
      ...forAction('appeal.everywhere'),
      request: { params: appealId, body: answering },
      responses: { 200: ANSWERED, ...refusals('not_found', 'conflict') },
    }),
    async (c) => {
      await permit(c, 'appeal.everywhere');
      const appeal = await existingAppeal(c, null, c.req.valid('param').appealId);
      const where = await personBelowEverywhere(c, { action: 'appeal.everywhere', userId: appeal.userId });
      return c.json(await answerAppeal(c, { ...where, appeal }, c.req.valid('json')), 200, UNCACHED);
    },
  );

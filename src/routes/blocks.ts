// Whom you have blocked: neither of you sees what the other says, in any room.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { BlockPage, ListBlocksQuery } from '../protocol/blocks.ts';
import { FootlightError } from '../protocol/errors.ts';
import { UserId } from '../protocol/ids.ts';
import { arePeopleParted, block, listBlocks, unblock } from '../storage/blocks.ts';
import { note } from './audit-note.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { existingUser } from './existing.ts';
import { apiDoors } from './guards/api.ts';
import { permit } from './guards/permit.ts';
import { forAction, json, refusals } from './openapi.ts';
import { quotaExceeded } from './quota.ts';
import { toPerson } from './representations.ts';
import { tellParted } from './room/telling.ts';

const params = z.object({ userId: UserId });
const UNCACHED = { 'Cache-Control': 'private, no-store' };

export const blocks = apiDoors()
  .openapi(
    createRoute({
      method: 'get',
      path: '/me/blocks',
      summary: 'The people whom you have blocked, the newest first',
      ...forAction('user.block'),
      request: { query: ListBlocksQuery },
      responses: { 200: json('A page; nextCursor leads to the next one', BlockPage) },
    }),
    async (c) => {
      const { id: userId } = await permit(c, 'user.block');
      const { limit, cursor } = c.req.valid('query');
      const before = cursor === undefined ? undefined : readCursor(cursor, UserId);
      const page = await listBlocks(c.env.DB, { userId, before, limit });
      const list = page.blocks.map(({ blockedAtMs, ...user }) => ({
        user: toPerson(user),
        blockedAt: new Date(blockedAtMs).toISOString(),
      }));
      return c.json({ blocks: list, nextCursor: page.next && writeCursor(page.next) }, 200, UNCACHED);
    },
  )
  .openapi(
    createRoute({
      method: 'put',
      path: '/me/blocks/{userId}',
      summary: 'Block somebody: neither of you sees what the other says, in any room and from now on',
      ...forAction('user.block'),
      request: { params },
      responses: {
        204: { description: 'They are blocked' },
        ...refusals('not_found', 'conflict', 'quota_exceeded'),
      },
    }),
    async (c) => {
      const { id: userId } = await permit(c, 'user.block');
      const { id: blockedId } = await existingUser(c, c.req.valid('param').userId);
      if (blockedId === userId) throw new FootlightError('conflict', 'That is you. Block somebody else.');
      const outcome = await block(c.env.DB, { userId, blockedId }, Date.now());
      if (outcome === 'full') throw quotaExceeded('blocks');
      if (outcome === 'blocked') {
        note(c, { action: 'user.blocked', target: { type: 'user', id: blockedId } });
        await tellParted(c.env, { people: [userId, blockedId], isHidden: true });
      }
      return c.body(null, 204);
    },
  )
  .openapi(
    createRoute({
      method: 'delete',
      path: '/me/blocks/{userId}',
      summary: 'Block somebody no longer',
      ...forAction('user.block'),
      request: { params },
      responses: { 204: { description: 'You have not blocked them' } },
    }),
    async (c) => {
      const { id: userId } = await permit(c, 'user.block');
      const { userId: blockedId } = c.req.valid('param');
      if (await unblock(c.env.DB, { userId, blockedId })) {
        note(c, { action: 'user.unblocked', target: { type: 'user', id: blockedId } });
        // They may have blocked you as well.
        const isHidden = await arePeopleParted(c.env.DB, userId, blockedId);
        if (!isHidden) await tellParted(c.env, { people: [userId, blockedId], isHidden });
      }
      return c.body(null, 204);
    },
  );

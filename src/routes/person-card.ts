// The card of a person on a channel, for its moderators.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { rolesAt } from '../domain/access.ts';
import { badgesOf } from '../domain/chat/speaker.ts';
import { suspicionsAbout } from '../domain/chat/suspicion.ts';
import { iso } from '../domain/iso.ts';
import { ChannelId, UserId } from '../protocol/ids.ts';
import { type ActAbout, PersonCard } from '../protocol/person-card.ts';
import { listBansOf } from '../storage/bans.ts';
import { countsOf, listActs, listMessagesOf } from '../storage/person-card.ts';
import { listNotes } from '../storage/person-notes.ts';
import { countReporters } from '../storage/reports.ts';
import { listOpenRooms } from '../storage/room-visits.ts';
import { listBansNear, listTagsOf } from '../storage/sightings.ts';
import { findSpeakerFacts } from '../storage/speakers.ts';
import { toBan } from './bans/acts.ts';
import { existingChannel, existingUser } from './existing.ts';
import { apiDoors } from './guards/api.ts';
import { permit, requireAccount } from './guards/permit.ts';
import { forAction, json, refusals } from './openapi.ts';
import { toPerson } from './representations.ts';
import { inRooms } from './room/telling.ts';

const params = z.object({ id: ChannelId, userId: UserId });
const UNCACHED = { 'Cache-Control': 'private, no-store' };
/** How far back complaints make somebody suspicious. */
const REPORTS_COUNT_MS = 30 * 24 * 3_600_000;

export const personCard = apiDoors().openapi(
  createRoute({
    method: 'get',
    path: '/{id}/people/{userId}',
    summary: 'What the moderators of the channel know about somebody: what was done, said and noted',
    ...forAction('person.see'),
    request: { params },
    responses: { 200: json('The card', PersonCard), ...refusals('not_found') },
  }),
  async (c) => {
    requireAccount(c, 'person.see');
    const channel = await existingChannel(c, c.req.valid('param').id);
    await permit(c, 'person.see', channel);
    const user = await existingUser(c, c.req.valid('param').userId);
    const db = c.env.DB;
    const where = { channelId: channel.id, userId: user.id };
    const nowMs = Date.now();
    // The newest may still be with the room alone.
    await inRooms(c.env, await listOpenRooms(db, channel.id), async (room) => {
      await room.settle();
    });
    const [facts, bans, counted, acts, messages, notes, reporters, near] = await Promise.all([
      findSpeakerFacts(db, where),
      listBansOf(db, where),
      countsOf(db, where, nowMs),
      listActs(db, where),
      listMessagesOf(db, where),
      listNotes(db, where),
      countReporters(db, { ...where, sinceMs: nowMs - REPORTS_COUNT_MS }),
      listTagsOf(db, user.id, nowMs).then((tags) => listBansNear(db, { ...where, tags }, nowMs)),
    ]);
    const createdAtMs = facts?.createdAtMs ?? nowMs;
    const { counts, stoppedToday } = counted;
    const body: PersonCard = {
      user: { ...toPerson(user), createdAt: iso(createdAtMs) },
      roles: badgesOf(rolesAt(user, channel, facts?.channelRole ?? null)),
      followedAt: isoOrNull(facts?.followedAtMs ?? null),
      bans: bans
        .filter(({ untilMs }) => untilMs === null || untilMs > nowMs)
        // A hold works because its subject does not know of it.
        .filter(({ effect }) => effect !== 'hold' || user.id !== c.get('principal')?.id)
        .map(({ userId: _userId, ...ban }) => toBan(ban, user)),
      suspicions: suspicionsAbout({
        accountAgeMs: nowMs - createdAtMs,
        stoppedToday,
        reporters,
        isNearBan: near.length > 0,
      }),
      counts,
      acts: acts.map(toAct),
      messages: messages.map(({ sentAtMs, removedAtMs, ...message }) => ({
        ...message,
        sentAt: iso(sentAtMs),
        isRemoved: removedAtMs !== null,
      })),
      notes: notes.map(({ writtenAtMs, ...note }) => ({ ...note, writtenAt: iso(writtenAtMs) })),
    };
    return c.json(body, 200, UNCACHED);
  },
);

const toAct = ({
  atMs,
  untilMs,
  undoneAtMs,
  channelId,
  ...act
}: Awaited<ReturnType<typeof listActs>>[number]): ActAbout => ({
  ...act,
  at: iso(atMs),
  isEverywhere: channelId === null,
  until: isoOrNull(untilMs),
  undoneAt: isoOrNull(undoneAtMs),
});

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

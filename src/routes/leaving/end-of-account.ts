// What an erasure does beyond the tables: streams end, and the log hears of it under the name that stays.
import type { AuditEntry, Interaction } from '../../protocol/audit.ts';
import type { Message } from '../../protocol/chat/message.ts';
import { AuditId, mintId, Pseudonym, type StreamId, type UserId } from '../../protocol/ids.ts';
import { findPseudonym, listAccountsOf } from '../../storage/erasure.ts';
import { listRoomsThatKnow } from '../../storage/rooms-that-know.ts';
import type { AppContext } from '../context.ts';
import { endOpenStreams } from '../end-streams.ts';
import { inRooms } from '../room/telling.ts';

/** How the log calls the person from now on. */
export const pseudonymFor = async (c: AppContext, userId: UserId): Promise<Pseudonym> =>
  (await findPseudonym(c.env.DB, userId)) ?? Pseudonym.parse(mintId('pp', randomBytes()));

/** Players finish, encoders are let go. */
export async function endStreamsOf(c: AppContext, accounts: readonly UserId[], pseudonym: Pseudonym): Promise<void> {
  const reason = 'the account of its owner was erased';
  await endOpenStreams(c.env, accounts, (id) =>
    entryOf(pseudonym, { action: 'stream.ended', target: { type: 'stream', id }, reason }),
  );
}

/** Rooms keep for a day what was said in them, with its author. */
const ROOMS_REMEMBER_MS = 2 * 24 * 3_600_000;

/** Asked before the erasure, since nothing leads to them after it. */
export async function roomsThatKnow(c: AppContext, userId: UserId): Promise<{ ids: UserId[]; rooms: StreamId[] }> {
  const ids = await listAccountsOf(c.env.DB, userId);
  return { ids, rooms: await listRoomsThatKnow(c.env.DB, ids, Date.now() - ROOMS_REMEMBER_MS) };
}

/** What they have said just now is in the database afterwards. */
export const settleRooms = (c: AppContext, { rooms }: { rooms: StreamId[] }): Promise<void> =>
  inRooms(c.env, rooms, async (room) => {
    await room.settle();
  });

/** The same; and what the rooms show them alone, as they know it, the earliest first. */
export async function settleOwn(
  c: AppContext,
  { ids, rooms }: { ids: UserId[]; rooms: StreamId[] },
): Promise<Message[]> {
  const own: Message[] = [];
  await inRooms(c.env, rooms, async (room) => {
    for (const id of ids) own.push(...(await room.settle(id)));
  });
  return own.sort((one, other) => Date.parse(one.sentAt) - Date.parse(other.sentAt));
}

/** Their sockets end, and their words stay without them. */
export const forgetInRooms = (c: AppContext, { ids, rooms }: { ids: UserId[]; rooms: StreamId[] }): Promise<void> =>
  inRooms(c.env, rooms, (room) => room.forget(ids));

/** What the log will say of the erasure, under the name that stays. */
export const signatureOf = (pseudonym: Pseudonym): AuditEntry =>
  entryOf(pseudonym, { action: 'user.erased', target: { type: 'user', id: pseudonym } });

/** Without the request and its network: nothing of the person comes into the log after the erasure. */
const entryOf = (pseudonym: Pseudonym, interaction: Interaction): AuditEntry => ({
  id: AuditId.parse(mintId('au', randomBytes())),
  atMs: Date.now(),
  actor: { kind: 'user', id: pseudonym, appId: null },
  target: null,
  before: null,
  after: null,
  reason: null,
  requestId: null,
  network: null,
  ...interaction,
});

const randomBytes = (): Uint8Array => crypto.getRandomValues(new Uint8Array(16));

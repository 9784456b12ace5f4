// What a moderator does, the words that come of it, and how the last of it is undone.
import { signal } from '@preact/signals';
import type { AnswerAppeal, Appeal } from '../../protocol/appeals.ts';
import type { Ban } from '../../protocol/bans.ts';
import type { ModeratorAct } from '../../protocol/chat/desk.ts';
import type { HeldLine } from '../../protocol/chat/held.ts';
import type { Author, Message } from '../../protocol/chat/message.ts';
import type { RoomSettings, UpdateRoom } from '../../protocol/chat/settings.ts';
import type { ChannelShield } from '../../protocol/shield.ts';
import { ApiError } from '../api-client.ts';
import { again, type WantedBan } from '../chat/restraining.ts';
import { moderationApi } from '../moderation-api.ts';
import { session } from '../session.ts';
import type { DeskRoom } from './desk-room.ts';
import { forWords } from './desk-words.ts';

/** Acts that are remembered for `undo`. */
const UNDO_MAX = 20;

export type Whom = Pick<Author, 'id' | 'handle' | 'name'>;
export type Wanted = WantedBan;

export interface Told {
  words: string;
  isProblem: boolean;
}

/** Does what it undoes the opposite of, and says so. */
type Undo = () => Promise<string>;

export interface DeskActs extends ReturnType<typeof deskActs> {}

export function deskActs(channelId: string) {
  const told = signal<Told | null>(null);
  const bans = signal<readonly Ban[] | null>(null);
  /** Lines and people that something is being done to: a second press does nothing. */
  const busy = signal<readonly string[]>([]);
  const undos = signal<readonly Undo[]>([]);
  /** Grows with each act: what shows what was done about people is read anew. */
  const count = signal(0);
  /** As the last answer had it; a room that is open knows better. */
  const shield = signal<ChannelShield['shield']>(null);

  const tell = (words: string, isProblem = false) => {
    told.value = { words, isProblem };
  };

  /** `act`: what is to be said when it is done, and how it is undone; null: it cannot be. */
  const run = async (about: string, act: () => Promise<{ done: string; undo: Undo | null }>): Promise<boolean> => {
    if (busy.peek().includes(about)) return false;
    busy.value = [...busy.peek(), about];
    try {
      const { done, undo } = await act();
      // What cannot be undone is still the last thing that was done.
      undos.value = [...undos.peek().slice(-(UNDO_MAX - 1)), undo ?? (async () => CANNOT)];
      tell(done);
      return true;
    } catch (error) {
      tell((error as Error).message, true);
      return false;
    } finally {
      count.value += 1;
      busy.value = busy.peek().filter((one) => one !== about);
    }
  };

  const loadBans = async () => {
    bans.value = (await moderationApi.bans(channelId)).bans;
  };
  /** The list is beside the act: that it could not be read undoes nothing. */
  const readBans = () => loadBans().catch((error: Error) => tell(error.message, true));
  const banOf = (whom: Whom) => bans.peek()?.find(({ user }) => user.id === whom.id) ?? null;

  const place = async (whom: Whom, wanted: Wanted) => {
    await moderationApi.ban(channelId, whom.id, wanted);
    await readBans();
  };
  const lift = async (whom: Whom) => {
    await moderationApi.lift(channelId, whom.id);
    await readBans();
  };

  const decide = (room: DeskRoom, line: HeldLine, decision: 'approved' | 'denied') =>
    run(line.id, async () => {
      try {
        room.decided(await moderationApi.decide(room.streamId, line.id, { decision }));
      } catch (error) {
        // Somebody was faster, or its time is over: the queue is read again.
        if (error instanceof ApiError && (error.status === 409 || error.status === 404)) void room.askQueue();
        throw error;
      }
      const who = line.author?.name ?? 'somebody who left';
      if (decision === 'denied') return { done: `Denied: nobody sees what ${who} wrote.`, undo: null };
      const undo = async () => {
        await moderationApi.remove(room.streamId, line.id);
        return `What ${who} wrote is removed again.`;
      };
      return { done: `Approved: everybody sees what ${who} wrote.`, undo };
    });

  return {
    told,
    tell,
    bans,
    busy,
    undos,
    count,
    shield,
    readShield: async () => {
      shield.value = (await moderationApi.shield(channelId)).shield;
    },
    readBans,
    /** What somebody else who moderates has done: the lists are as they left them. */
    heard: ({ act, by, scope, user, ban }: ModeratorAct) => {
      if (by.id === session.peek()?.user?.id) return;
      count.value += 1;
      if (scope !== 'channel' || user === null || (act !== 'banned' && act !== 'lifted')) return;
      const others = bans.peek()?.filter((one) => one.user.id !== user.id);
      if (others) bans.value = ban ? [ban, ...others] : others;
    },
    decide,
    remove: (room: DeskRoom, { id, author }: Message) =>
      run(id, async () => {
        await moderationApi.remove(room.streamId, id);
        return { done: `Removed everywhere: what ${author?.name ?? 'somebody who left'} wrote.`, undo: null };
      }),
    ban: (whom: Whom, wanted: Wanted) =>
      run(whom.id, async () => {
        // Others ban as well: what stood before is what undo brings back.
        await readBans();
        const before = banOf(whom);
        await place(whom, wanted);
        const undo = async () => {
          if (before) await place(whom, again(before, Date.now()));
          else await lift(whom);
          return before ? `${whom.name} stands as before.` : `${whom.name} may speak again.`;
        };
        return { done: bannedWords(whom, wanted), undo };
      }),
    lift: (whom: Whom) =>
      run(whom.id, async () => {
        const before = banOf(whom);
        await lift(whom);
        if (!before) return { done: `${whom.name} may speak.`, undo: null };
        const undo = async () => {
          await place(whom, again(before, Date.now()));
          return `${whom.name} is banned again.`;
        };
        return { done: `${whom.name} may speak again.`, undo };
      }),
    change: (room: DeskRoom, settings: UpdateRoom, before: RoomSettings) =>
      run('room', async () => {
        await room.door.api.change(settings);
        const names = Object.keys(settings) as (keyof RoomSettings)[];
        const undo = async () => {
          await room.door.api.change(Object.fromEntries(names.map((name) => [name, before[name]])));
          return 'The room is set as before.';
        };
        return { done: 'The room is set.', undo };
      }),
    /** Of a report, whose stream may have ended. */
    removeReported: (streamId: string, messageId: string) =>
      run(messageId, async () => {
        await moderationApi.remove(streamId, messageId);
        return { done: 'Removed everywhere.', undo: null };
      }),
    answerReport: (id: string, outcome: 'acted' | 'dismissed') =>
      run(id, async () => {
        await moderationApi.answerReport(channelId, id, { outcome });
        return {
          done: outcome === 'acted' ? 'Answered: something was done.' : 'Answered: nothing has to be done.',
          undo: null,
        };
      }),
    answerAppeal: ({ id, user }: Appeal, answer: AnswerAppeal) =>
      run(id, async () => {
        await moderationApi.answerAppeal(channelId, id, answer);
        await readBans();
        const done = answer.decision === 'lifted' ? `${user.name} may speak again.` : `The ban of ${user.name} stands.`;
        return { done, undo: null };
      }),
    /** The shield: up for as long as is usual, or down. */
    raise: (isUp: boolean) =>
      run('shield', async () => {
        shield.value = (await moderationApi.setShield(channelId, { on: isUp })).shield;
        const undo = async () => {
          shield.value = (await moderationApi.setShield(channelId, { on: !isUp })).shield;
          return isUp ? 'The shield is down.' : 'The shield is up.';
        };
        return { done: isUp ? 'The shield is up in every room of the channel.' : 'The shield is down.', undo };
      }),
    async undo() {
      const last = undos.peek().at(-1);
      if (!last) return tell('There is nothing to undo.');
      undos.value = undos.peek().slice(0, -1);
      await last().then(
        (words) => tell(words, words === CANNOT),
        (error: Error) => tell(error.message, true),
      );
      count.value += 1;
    },
  };
}

const CANNOT = 'That cannot be undone.';

function bannedWords({ name }: Whom, { seconds, effect }: Wanted): string {
  if (effect === 'hold') return `What ${name} says waits for a moderator now; ${name} is not told.`;
  return seconds === null ? `${name} is banned for good.` : `${name} says nothing ${forWords(seconds)}.`;
}

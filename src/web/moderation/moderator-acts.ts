// What a moderator does about people and what is asked about them, on a channel or on all; the words that come of it, and how the last of it is undone.
import { signal } from '@preact/signals';
import type { AnswerAppeal, Appeal } from '../../protocol/appeals.ts';
import type { ModeratorAct } from '../../protocol/chat/desk.ts';
import { bansApi, bansEverywhereApi } from '../chat/bans-api.ts';
import { moderationApi } from '../moderation-api.ts';
import { session } from '../session.ts';
import { type Done, deskBans, type Scope, type Wanted, type Whom } from './desk-bans.ts';

/** Acts that are remembered for `undo`. */
const UNDO_MAX = 20;

export interface Told {
  words: string;
  isProblem: boolean;
}

/** Does what it undoes the opposite of, and says so. */
type Undo = NonNullable<Done['undo']>;

export interface ModeratorActs extends Omit<ReturnType<typeof moderatorActs>, 'run'> {}

/** `channelId` null: of every channel. `isOfPlatform`: may they act everywhere? */
export function moderatorActs(channelId: string | null, isOfPlatform: boolean) {
  const told = signal<Told | null>(null);
  /** Lines and people that something is being done to: a second press does nothing. */
  const busy = signal<readonly string[]>([]);
  const undos = signal<readonly Undo[]>([]);
  /** Grows with each act: what shows what was done about people is read anew. */
  const count = signal(0);

  const tell = (words: string, isProblem = false) => {
    told.value = { words, isProblem };
  };

  /** `act`: what is to be said when it is done, and how it is undone; null: it cannot be. */
  const run = async (about: string, act: () => Promise<Done>): Promise<boolean> => {
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

  const bans = deskBans({
    ...(channelId !== null && { channel: bansApi(channelId) }),
    ...(isOfPlatform && { platform: bansEverywhereApi }),
  });
  /** The lists are beside the acts: that one could not be read undoes nothing. */
  const readBans = () => bans.read().catch((error: Error) => tell(error.message, true));

  return {
    run,
    told,
    tell,
    bans: bans.lists,
    isOfPlatform,
    busy,
    undos,
    count,
    readBans,
    /** What somebody else who moderates has done: the lists are as they left them. */
    heard: (acted: ModeratorAct) => {
      if (acted.by.id === session.peek()?.user?.id) return;
      bans.heard(acted);
      count.value += 1;
    },
    ban: (whom: Whom, wanted: Wanted) => run(whom.id, () => bans.ban(whom, wanted)),
    lift: (whom: Whom, scope?: Scope) => run(whom.id, () => bans.lift(whom, scope)),
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

// The bans that a moderator sees and changes: those of a channel, and for who moderates the platform those everywhere.
import { signal } from '@preact/signals';
import type { Ban } from '../../protocol/bans.ts';
import type { ModeratorAct } from '../../protocol/chat/desk.ts';
import type { Author } from '../../protocol/chat/message.ts';
import type { BansApi } from '../chat/bans-api.ts';
import { again, placeOver, type WantedBan } from '../chat/restraining.ts';
import { forWords } from './desk-words.ts';

export type Scope = ModeratorAct['scope'];
export type Whom = Pick<Author, 'id' | 'handle' | 'name'>;
/** `scope`: usually that of the desk. */
export type Wanted = WantedBan & { scope?: Scope };

/** What was done, and what takes it back in its own words; null: nothing does. */
export interface Done {
  done: string;
  undo: (() => Promise<string>) | null;
}

/** A list is missing where whoever asks may not see it. */
export function deskBans(apis: Partial<Record<Scope, BansApi>>) {
  const lists = { channel: signal<readonly Ban[] | null>(null), platform: signal<readonly Ban[] | null>(null) };
  const own: Scope = apis.channel ? 'channel' : 'platform';
  const apiOf = (scope: Scope): BansApi => {
    const api = apis[scope];
    if (!api) throw new Error('Bans everywhere are for those who moderate Footlight. Ask one of them.');
    return api;
  };
  const read = async (scope: Scope): Promise<void> => {
    lists[scope].value = await apiOf(scope).list();
  };
  /** After an act: that the list could not be read undoes nothing. */
  const readAgain = (scope: Scope) => read(scope).catch(() => undefined);

  return {
    lists,
    read: () => Promise.all((Object.keys(apis) as Scope[]).map(read)),
    async ban(whom: Whom, { scope = own, ...wanted }: Wanted): Promise<Done> {
      const api = apiOf(scope);
      const remedy = `let ${whom.name} speak again first`;
      // Others ban as well: what stands now is what is not to be loosened, and what undo brings back.
      const before = await placeOver(api, { userId: whom.id, name: whom.name, remedy, wanted }, Date.now());
      await readAgain(scope);
      const undo = async () => {
        if (before) await api.place(whom.id, again(before, Date.now()));
        else await api.lift(whom.id);
        await readAgain(scope);
        return before ? `${whom.name} stands as before.` : `${whom.name} may speak again.`;
      };
      return { done: bannedWords(whom, { scope, ...wanted }), undo };
    },
    async lift(whom: Whom, scope: Scope = own): Promise<Done> {
      const api = apiOf(scope);
      const before = lists[scope].peek()?.find(({ user }) => user.id === whom.id);
      await api.lift(whom.id);
      await readAgain(scope);
      if (!before) return { done: `${whom.name} may speak.`, undo: null };
      const undo = async () => {
        await api.place(whom.id, again(before, Date.now()));
        await readAgain(scope);
        return `${whom.name} is banned again.`;
      };
      return { done: `${whom.name} may speak again.`, undo };
    },
    /** What somebody else has done: the lists are as they left them. */
    heard({ act, scope, user, ban }: ModeratorAct): void {
      if (user === null || (act !== 'banned' && act !== 'lifted')) return;
      const others = lists[scope].peek()?.filter((one) => one.user.id !== user.id);
      if (others) lists[scope].value = ban ? [ban, ...others] : others;
    },
  };
}

function bannedWords({ name }: Whom, { seconds, effect, scope }: Wanted): string {
  const where = scope === 'platform' ? ' anywhere' : '';
  if (effect === 'hold') return `What ${name} says waits for a moderator now; ${name} is not told.`;
  if (seconds !== null) return `${name} says nothing${where} ${forWords(seconds)}.`;
  return scope === 'platform' ? `${name} is banned everywhere, for good.` : `${name} is banned for good.`;
}

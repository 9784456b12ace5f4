// What moderators do in the room by the doors of the API, and the words that come of it.
import { useMemo, useState } from 'preact/hooks';
import { peopleApi } from '../people-api.ts';
import { countsApi } from '../reactions/counts-api.ts';
import { bansApi } from './bans-api.ts';
import type { Act, Whom } from './commands.ts';
import type { PageRoom } from './page-room.ts';
import { again, placeOver } from './restraining.ts';

interface Told {
  words: string;
  isProblem: boolean;
  /** What takes it back; null: nothing does. */
  undo: Act | null;
}

export function useActs(room: PageRoom) {
  const [told, setTold] = useState<Told | null>(null);
  const perform = useMemo(() => performer(room), [room]);
  const run = async (act: Act, done: string): Promise<void> => {
    await perform(act).then(
      (undo) => setTold({ words: done, isProblem: false, undo }),
      (error: Error) => setTold({ words: error.message, isProblem: true, undo: null }),
    );
  };
  return {
    told,
    run,
    forget: () => setTold(null),
    tell: (words: string, isProblem: boolean) => setTold({ words, isProblem, undo: null }),
  };
}
export type Acts = ReturnType<typeof useActs>;

function performer({ streamId, channelId, door, playingMs }: PageRoom) {
  const { api } = door;
  const bans = bansApi(channelId);
  const counts = countsApi(streamId, door.pass);
  const idOf = async ({ id, handle }: Whom): Promise<string> => id ?? (await peopleApi.find(handle)).id;
  /** What is said belongs to the picture that its sender sees. */
  const picture = () => {
    const seenMs = playingMs();
    return seenMs === null ? {} : { mediaTimeMs: Math.round(seenMs) };
  };

  /** Does it, and answers what would take it back. */
  return async (act: Act): Promise<Act | null> => {
    switch (act.kind) {
      case 'change':
        await api.change(act.settings);
        return null;
      case 'pin':
        await api.pin(act.messageId);
        return { kind: 'unpin' };
      case 'unpin':
        await api.unpin();
        return null;
      case 'remove':
        await api.remove(act.messageId);
        door.forgetMessage(act.messageId);
        return null;
      case 'announce':
        await api.announce({ text: act.text, ...picture() });
        return null;
      case 'clear':
        await api.clear(act.reason === null ? {} : { reason: act.reason });
        return null;
      case 'poll':
        await counts.ask({ ...act.poll, ...picture() });
        return null;
      case 'restrain': {
        const whom = { ...act.whom, id: await idOf(act.whom) };
        const { id: userId, handle } = whom;
        const { seconds } = act;
        const wanted = { seconds, effect: 'refuse' as const, removeMessages: seconds === null };
        const asked = { userId, name: `@${handle}`, remedy: `/unban @${handle} first`, wanted };
        const before = await placeOver(bans, asked, Date.now());
        return before ? { kind: 'restore', whom, before } : { kind: 'lift', whom };
      }
      case 'restore':
        await bans.place(await idOf(act.whom), again(act.before, Date.now()));
        return null;
      case 'lift':
        await bans.lift(await idOf(act.whom));
        return null;
    }
  };
}

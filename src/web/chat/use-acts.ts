// What moderators do in the room by the doors of the API, and the words that come of it.
import { useState } from 'preact/hooks';
import type { RoomApi } from '../room-api.ts';
import type { Act } from './commands.ts';

interface Told {
  words: string;
  isProblem: boolean;
}

export function useActs(api: RoomApi) {
  const [told, setTold] = useState<Told | null>(null);
  return {
    told,
    forget: () => setTold(null),
    tell: (words: string, isProblem: boolean) => setTold({ words, isProblem }),
    async run(act: Act, done: string) {
      await perform(api, act).then(
        () => setTold({ words: done, isProblem: false }),
        (error: Error) => setTold({ words: error.message, isProblem: true }),
      );
    },
  };
}

function perform(api: RoomApi, act: Act): Promise<unknown> {
  switch (act.kind) {
    case 'change':
      return api.change(act.settings);
    case 'pin':
      return api.pin(act.messageId);
    case 'unpin':
      return api.unpin();
    case 'announce':
      return api.announce(act.text);
  }
}

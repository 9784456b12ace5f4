// Appeals of whoever is banned: where a refusal says that they are made, and how the newest of them stands.
import type { MakeAppeal, OwnAppeals } from '../../protocol/appeals.ts';
import { answer, doors } from '../api-client.ts';

/** `at`: the path that the refusal names. A ban of one channel is appealed there, a ban everywhere at the platform. */
export function appealsApi(at: string) {
  const id = channelOf(at);
  if (id === null) {
    const { appeals } = doors;
    return {
      make: (json: MakeAppeal) => answer(appeals.$post({ json })),
      mine: () => answer(appeals.mine.$get()),
    };
  }
  const { appeals } = doors.channels[':id'];
  return {
    make: (json: MakeAppeal) => answer(appeals.$post({ param: { id }, json })),
    mine: () => answer(appeals.mine.$get({ param: { id } })),
  };
}

/** Null: it is not of one channel. */
export const channelOf = (at: string): string | null => /\/channels\/([^/]+)\/appeals$/.exec(at)?.[1] ?? null;

/** `mayAsk`: the button is there. `upheld`: what was answered, and when one may ask again where that is not now. */
export type AppealStand =
  | { kind: 'none'; mayAsk: boolean }
  | { kind: 'waiting'; askedAt: string }
  | { kind: 'upheld'; reason: string | null; mayAsk: boolean; mayAskFrom: string | null };

/** How it stands with somebody who is refused. `appeals`: the newest first. */
export function standOf({ appeals: [last], mayAsk, mayAskFrom }: OwnAppeals, nowMs: number): AppealStand {
  if (last?.state === 'open') return { kind: 'waiting', askedAt: last.askedAt };
  const { state = 'lapsed', reason = null, mayAskAgainAt = null } = last ?? {};
  // The patience after an answer is about its ban alone: who may ask sooner is banned anew.
  const isAboutAnother = mayAsk && mayAskAgainAt !== null && Date.parse(mayAskAgainAt) > nowMs;
  if (state !== 'upheld' || isAboutAnother) return { kind: 'none', mayAsk };
  return { kind: 'upheld', reason, mayAsk, mayAskFrom };
}

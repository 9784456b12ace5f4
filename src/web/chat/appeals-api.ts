// Appeals of whoever is banned: where a refusal says that they are made, and how the newest of them stands.
import type { Appeal, MakeAppeal } from '../../protocol/appeals.ts';
import { answer, doors } from '../api-client.ts';

/** `at`: the path that the refusal names. A ban of one channel is appealed there, a ban everywhere at the platform. */
export function appealsApi(at: string) {
  const id = channelOf(at);
  if (id === null) {
    const { appeals } = doors;
    return {
      make: (json: MakeAppeal) => answer(appeals.$post({ json })),
      mine: async () => (await answer(appeals.mine.$get())).appeals,
    };
  }
  const { appeals } = doors.channels[':id'];
  return {
    make: (json: MakeAppeal) => answer(appeals.$post({ param: { id }, json })),
    mine: async () => (await answer(appeals.mine.$get({ param: { id } }))).appeals,
  };
}

/** Null: it is not of one channel. */
export const channelOf = (at: string): string | null => /\/channels\/([^/]+)\/appeals$/.exec(at)?.[1] ?? null;

export type AppealStand =
  | { kind: 'none' }
  | { kind: 'waiting'; askedAt: string }
  | { kind: 'upheld'; reason: string | null; mayAskAgainAt: string | null };

/** How it stands with somebody who is refused. `mine`: the newest first. */
export function standOf([last]: readonly Appeal[]): AppealStand {
  if (last?.state === 'open') return { kind: 'waiting', askedAt: last.askedAt };
  if (last?.state === 'upheld') return { kind: 'upheld', reason: last.reason, mayAskAgainAt: last.mayAskAgainAt };
  // What was lifted, or has lapsed, was about another ban, or may be asked again.
  return { kind: 'none' };
}

// The chain of the audit log: how an entry is split, committed to and linked to the one before it.
import type { AuditEntry } from '../../protocol/audit.ts';
import type { AuditFacts, ChainedEntry } from '../../protocol/audit-log.ts';
import type { AuditId } from '../../protocol/ids.ts';
import { canonicalJson } from './canonical.ts';

/** SHA-256 of the UTF-8 bytes, in hex. */
export type Sha256 = (text: string) => Promise<string>;

export interface ChainHead {
  seq: number;
  hash: string;
}

/** What the first entry follows. */
export const GENESIS: ChainHead = { seq: 0, hash: '0'.repeat(64) };

/** A row of the chain, and what is kept beside it. */
export interface Link {
  seq: number;
  id: AuditId;
  entry: string;
  prevHash: string;
  hash: string;
  salt: string;
  facts: string;
}

/** Links entries to the chain in their order. People are written as `pseudonymOf` says. `salts`: one random word per entry. */
export async function linkEntries(
  head: ChainHead,
  entries: readonly AuditEntry[],
  { pseudonymOf, salts, sha256 }: { pseudonymOf(userId: string): string; salts: readonly string[]; sha256: Sha256 },
): Promise<Link[]> {
  const links: Link[] = [];
  let { seq, hash } = head;
  for (const [index, entry] of entries.entries()) {
    seq += 1;
    const salt = salts[index] ?? '';
    const facts = canonicalJson(factsOf(entry));
    const chained = canonicalJson(chainedEntry(entry, { seq, facts: await sha256(salt + facts), pseudonymOf }));
    const prevHash = hash;
    hash = await linkHash(prevHash, chained, sha256);
    links.push({ seq, id: entry.id, entry: chained, prevHash, hash, salt, facts });
  }
  return links;
}

export const linkHash = (prevHash: string, entry: string, sha256: Sha256): Promise<string> => sha256(prevHash + entry);

const USER_IDS = /\bus_[a-z0-9]{4,32}\b/g;

/** The users that the chain would name: who acted, and whom the target is or mentions. */
export function peopleOf({ actor, target }: Pick<AuditEntry, 'actor' | 'target'>): string[] {
  const acting = actor.kind === 'user' && actor.id !== null ? [actor.id] : [];
  return [...acting, ...(target?.id.match(USER_IDS) ?? [])];
}

/** The users that what is kept beside the chain names. */
export const mentionedIn = ({ before, after, reason }: Pick<AuditEntry, 'before' | 'after' | 'reason'>): string[] => [
  ...new Set(JSON.stringify([before, after, reason]).match(USER_IDS) ?? []),
];

const factsOf = ({ before, after, reason, requestId, network }: AuditEntry): AuditFacts => ({
  before,
  after,
  reason,
  requestId,
  network,
});

function chainedEntry(
  { id, atMs, actor, action, target }: AuditEntry,
  { seq, facts, pseudonymOf }: { seq: number; facts: string; pseudonymOf(userId: string): string },
): ChainedEntry {
  const { kind, id: actorId, appId } = actor;
  return {
    seq,
    id,
    atMs,
    action,
    facts,
    actor: { kind, appId, id: kind === 'user' && actorId !== null ? pseudonymOf(actorId) : actorId },
    target: target && { type: target.type, id: target.id.replace(USER_IDS, pseudonymOf) },
  };
}

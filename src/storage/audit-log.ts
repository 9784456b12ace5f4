// Appends to the audit log: each entry once, in one transaction per batch, whoever else appends at the same time.
import { desc, inArray, sql } from 'drizzle-orm';
import {
  type ChainHead,
  GENESIS,
  type Link,
  linkEntries,
  mentionedIn,
  peopleOf,
  type Sha256,
} from '../domain/audit/chain.ts';
import type { AuditEntry } from '../protocol/audit.ts';
import { type AuditId, mintId, type Pseudonym } from '../protocol/ids.ts';
import { isUniqueViolation, shelves } from './database.ts';
import { auditDetails, auditEvents, auditPeople, users } from './schema.ts';

/** How often an append starts anew because somebody else was faster. */
const ATTEMPTS_MAX = 8;
/** Entries per transaction; D1 takes at most 100 values a statement. */
export const APPEND_MAX = 50;
/** Stands for a person who was forgotten before the entry came, and for one who never was. */
const UNKNOWN = 'unknown';

export interface Chance {
  random(length: number): Uint8Array;
  sha256: Sha256;
}

/** At most APPEND_MAX entries. Those that are in the log already are left as they are. Returns how many were new. */
export async function appendToAuditLog(
  db: D1Database,
  entries: readonly AuditEntry[],
  chance: Chance,
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const { fresh, pseudonyms, forgotten, head } = await look(db, entries, chance);
    if (fresh.length === 0) return 0;
    const pseudonymOf = (id: string) => (isPseudonym(id) ? id : (pseudonyms.get(id) ?? UNKNOWN));
    const told = fresh.map(withoutForgotten(forgotten));
    const links = await linkEntries(head, told, {
      pseudonymOf,
      salts: fresh.map(() => hex(chance.random(16))),
      sha256: chance.sha256,
    });
    const named = [...new Set(told.flatMap(mentionedIn))];
    if (await store(db, links, { pseudonyms: [...pseudonyms.values()], named })) return links.length;
    if (attempt === ATTEMPTS_MAX) throw new Error(`The audit log moved on ${attempt} times while it was appended to.`);
  }
}

interface Look {
  fresh: AuditEntry[];
  pseudonyms: Map<string, Pseudonym>;
  /** Those of the people who had themselves erased. */
  forgotten: Set<string>;
  head: ChainHead;
}

/** Where the chain ends, which entries it has, and everybody's pseudonym; those of new people are made. */
async function look(db: D1Database, entries: readonly AuditEntry[], { random }: Chance): Promise<Look> {
  const once = [...new Map(entries.map((entry) => [entry.id, entry])).values()];
  const people = [...new Set(once.flatMap(peopleOf))]
    .filter((id) => !isPseudonym(id))
    .map((userId) => ({ userId, pseudonym: mintId('pp', random(16)) }));
  const shelf = shelves(db);
  const ids = once.map(({ id }) => id);
  const isOfThese = sql`(SELECT value ->> 'userId' FROM json_each(${JSON.stringify(people)}))`;
  const named = JSON.stringify([...new Set([...people.map(({ userId }) => userId), ...once.flatMap(mentionedIn)])]);
  const [, known, mapped, erased, last] = await shelf.batch([
    shelf
      .insert(auditPeople)
      .select(
        sql`
          SELECT value ->> 'userId', value ->> 'pseudonym' FROM json_each(${JSON.stringify(people)})
          WHERE EXISTS (SELECT 1 FROM users WHERE id = value ->> 'userId' AND erased_at_ms IS NULL)`,
      )
      .onConflictDoNothing(),
    shelf.select({ id: auditEvents.id }).from(auditEvents).where(inArray(auditEvents.id, ids)),
    shelf.select().from(auditPeople).where(sql`user_id IN ${isOfThese}`),
    shelf
      .select({ id: users.id })
      .from(users)
      .where(sql`${users.erasedAtMs} IS NOT NULL AND ${users.id} IN (SELECT value FROM json_each(${named}))`),
    shelf.select().from(auditEvents).orderBy(desc(auditEvents.seq)).limit(1),
  ]);
  const stored = new Set<AuditId>(known.map(({ id }) => id));
  return {
    fresh: once.filter(({ id }) => !stored.has(id)),
    forgotten: new Set(erased.map(({ id }) => id)),
    pseudonyms: new Map(mapped.map(({ userId, pseudonym }) => [userId, pseudonym])),
    head: last[0] ?? GENESIS,
  };
}

/** False: somebody else appended meanwhile, or a person was forgotten meanwhile. Nothing is stored then. */
async function store(
  db: D1Database,
  links: readonly Link[],
  { pseudonyms, named }: { pseudonyms: readonly Pseudonym[]; named: readonly string[] },
): Promise<boolean> {
  const shelf = shelves(db);
  const rows = JSON.stringify(links);
  const isStillKnown = sql`(
    SELECT count(*) FROM audit_people WHERE pseudonym IN (SELECT value FROM json_each(${JSON.stringify(pseudonyms)}))
  ) = ${pseudonyms.length} AND NOT EXISTS (
    SELECT 1 FROM users WHERE erased_at_ms IS NOT NULL AND id IN (SELECT value FROM json_each(${JSON.stringify(named)}))
  )`;
  try {
    const [stored] = await shelf.batch([
      shelf.insert(auditEvents).select(
        sql`
          SELECT value ->> 'id', value ->> 'seq', value ->> 'entry', value ->> 'prevHash', value ->> 'hash'
          FROM json_each(${rows}) WHERE ${isStillKnown}`,
      ),
      shelf.insert(auditDetails).select(
        sql`
          SELECT value ->> 'id', value ->> 'salt', value ->> 'facts', NULL
          FROM json_each(${rows}) WHERE ${isStillKnown}`,
      ),
    ]);
    return stored.meta.changes > 0;
  } catch (error) {
    if (isUniqueViolation(error)) return false;
    throw error;
  }
}

/** An entry that comes late, by, about or naming somebody who was forgotten meanwhile, says nothing of the person. */
const withoutForgotten =
  (forgotten: ReadonlySet<string>) =>
  (entry: AuditEntry): AuditEntry =>
    [...peopleOf(entry), ...mentionedIn(entry)].some((id) => forgotten.has(id))
      ? { ...entry, before: null, after: null, reason: null, network: null }
      : entry;

/** An erasure writes of the person under the name that stays. */
const isPseudonym = (id: string): boolean => id.startsWith('pp_');

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

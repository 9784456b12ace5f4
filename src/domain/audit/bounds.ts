// How large an entry of the audit log may be, and how many fit into one statement: nobody's words keep out those of others.
import type { AuditEntry, Facts } from '../../protocol/audit.ts';

/** In characters. The longest text that a door lets through is an address of 2,000. */
const TEXT_MAX = 2000;
const REASON_MAX = 500;
/** Of a list in the facts; no door takes longer ones. */
const LIST_MAX = 50;
const CUT = '…';

/** The same entry, with every text that came from outside cut to what the log has room for. */
export const withinBounds = (entry: AuditEntry): AuditEntry => ({
  ...entry,
  actor: { ...entry.actor, id: entry.actor.id && cut(entry.actor.id, TEXT_MAX) },
  target: entry.target && { ...entry.target, id: cut(entry.target.id, TEXT_MAX) },
  before: entry.before && cutFacts(entry.before),
  after: entry.after && cutFacts(entry.after),
  reason: entry.reason && cut(entry.reason, REASON_MAX),
});

const cutFacts = (facts: Facts): Facts =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => {
      if (typeof value === 'string') return [name, cut(value, TEXT_MAX)];
      return [name, Array.isArray(value) ? value.slice(0, LIST_MAX).map((text) => cut(text, TEXT_MAX)) : value];
    }),
  );

/** Never in the middle of a character that takes two units. */
const cut = (text: string, max: number): string =>
  text.length <= max ? text : text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '') + CUT;

/** In their order, at most `most` and about `bytesMax` to a batch; what is larger by itself has a batch of its own. */
export function inBatches<Item>(
  items: readonly Item[],
  { most, bytesMax, bytesOf }: { most: number; bytesMax: number; bytesOf(item: Item): number },
): Item[][] {
  const batches: Item[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = bytesOf(item);
    const last = batches.at(-1);
    if (last && last.length < most && bytes + size <= bytesMax) {
      last.push(item);
      bytes += size;
    } else {
      batches.push([item]);
      bytes = size;
    }
  }
  return batches;
}

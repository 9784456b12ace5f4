// One look at the database for all who ask while another look is under way; each is told what is true after it asked.

/** How long a look waits for the one before it, and so for others to join. */
const GATHER_MS = 20;
/** D1 takes 100 values in a query. */
const TOGETHER_MAX = 50;
/** Whoever waits for a look that another request began looks by itself after this time. */
const PATIENCE_MS = 2000;

type Look<Key, Value> = (db: D1Database, keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;

interface Round<Key, Value> {
  keys: Set<Key>;
  found: Promise<ReadonlyMap<Key, Value>>;
}

/** Finds one of what `look` finds many of; null: it is not there. The database is asked anew, after each question. */
export function gathering<Key, Value>(look: Look<Key, Value>) {
  /** The round that has not begun: nobody has looked yet, so its answer is as new for who joins as for who opened it. */
  const open = new WeakMap<D1Database, Round<Key, Value>>();
  const underWay = new WeakMap<D1Database, Promise<void>>();

  async function begin(db: D1Database, keys: Set<Key>): Promise<ReadonlyMap<Key, Value>> {
    const last = underWay.get(db);
    if (last) await atMost(GATHER_MS, last);
    if (open.get(db)?.keys === keys) open.delete(db);
    const looking = look(db, [...keys]);
    const settled = looking.then(ignore, ignore);
    underWay.set(db, settled);
    return looking.finally(() => underWay.get(db) === settled && underWay.delete(db));
  }

  return async (db: D1Database, key: Key, waitUntil: (work: Promise<unknown>) => void): Promise<Value | null> => {
    const round = open.get(db);
    if (round && round.keys.size < TOGETHER_MAX) {
      round.keys.add(key);
      const found = (await atMost(PATIENCE_MS, round.found)) ?? (await look(db, [key]));
      return found.get(key) ?? null;
    }
    const keys = new Set([key]);
    const isGathering = underWay.has(db);
    const found = begin(db, keys);
    if (isGathering) open.set(db, { keys, found });
    // Others may wait for it too: it is finished even when this reader goes away.
    waitUntil(found.then(ignore, ignore));
    return (await found).get(key) ?? null;
  };
}

const ignore = (): void => {};

/** What comes of it; undefined when that takes longer. */
async function atMost<Value>(limitMs: number, work: Promise<Value>): Promise<Value | undefined> {
  const { promise: limit, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, limitMs, undefined);
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

// The lines of one author keep their order: while one waits for an opinion, the next wait for it. Those of others do not.

/** Lines of one author that wait, with the one they wait for. */
const LINES_MAX = 6;

export class Turns<Key> {
  private readonly lines = new Map<Key, { last: Promise<unknown>; count: number }>();

  /** Runs at once where nothing of the key is under way. Null: too much waits already. */
  take<Value>(key: Key, run: () => Value | Promise<Value>): Value | Promise<Value> | null {
    const before = this.lines.get(key);
    if (before && before.count >= LINES_MAX) return null;
    const result = before ? before.last.then(run, run) : run();
    if (!(result instanceof Promise)) return result;
    const line = before ?? { last: result, count: 0 };
    line.last = result;
    line.count += 1;
    this.lines.set(key, line);
    const leave = () => {
      line.count -= 1;
      if (line.count === 0) this.lines.delete(key);
    };
    result.then(leave, leave);
    return result;
  }
}

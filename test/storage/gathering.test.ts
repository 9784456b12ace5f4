import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { gathering } from '../../src/storage/gathering.ts';

const waitUntil = (): void => {};
const soon = () => new Promise((resolve) => setTimeout(resolve, 60));

/** A shelf whose looks come back when the test says so; what they find is what is on it when they begin. */
function shelf(contents: Record<string, string>) {
  const looks: { keys: readonly string[]; end(error?: Error): void }[] = [];
  const find = gathering((_db: D1Database, keys: readonly string[]) => {
    const found = new Map(keys.flatMap((key) => (contents[key] === undefined ? [] : [[key, contents[key]]])));
    return new Promise<Map<string, string>>((resolve, reject) => {
      looks.push({ keys, end: (error) => (error ? reject(error) : resolve(found)) });
    });
  });
  return { looks, ask: (key: string) => find(env.DB, key, waitUntil) };
}

describe('a look at the database that several requests ask for', () => {
  it('begins at once when nobody else looks', async () => {
    const { looks, ask } = shelf({ a: 'Ada' });
    const asked = ask('a');
    expect(looks.map(({ keys }) => keys)).toEqual([['a']]);
    looks[0]?.end();
    expect(await asked).toBe('Ada');
  });

  it('is one for all who came while another was under way, and finds for each what is theirs', async () => {
    const { looks, ask } = shelf({ a: 'Ada', b: 'Ben' });
    const first = ask('a');
    const others = [ask('b'), ask('a'), ask('c'), ask('b')];
    looks[0]?.end();
    await first;
    await vi.waitFor(() => expect(looks).toHaveLength(2));
    expect(looks[1]?.keys).toEqual(['b', 'a', 'c']);
    looks[1]?.end();
    expect(await Promise.all(others)).toEqual(['Ben', 'Ada', null, 'Ben']);
  });

  it('tells nobody what was true only before they asked', async () => {
    const contents: Record<string, string> = { a: 'allowed' };
    const { looks, ask } = shelf(contents);
    const before = ask('a');
    delete contents.a;
    const after = ask('a');
    looks[0]?.end();
    expect(await before).toBe('allowed');
    await vi.waitFor(() => expect(looks).toHaveLength(2));
    looks[1]?.end();
    expect(await after).toBeNull();
  });

  it('does not wait for long for one that is stuck', async () => {
    const { looks, ask } = shelf({ a: 'Ada' });
    void ask('a');
    const behind = ask('a');
    await soon();
    expect(looks).toHaveLength(2);
    looks[1]?.end();
    expect(await behind).toBe('Ada');
  });

  it('takes a limited number along, and the others have a look of their own', async () => {
    const names = Array.from({ length: 120 }, (_, index) => `name${index}`);
    const { looks, ask } = shelf(Object.fromEntries(names.map((name) => [name, name])));
    const first = ask('first');
    const all = names.map(ask);
    looks[0]?.end();
    await first;
    await vi.waitFor(() => expect(looks).toHaveLength(4));
    expect(Math.max(...looks.map(({ keys }) => keys.length))).toBe(50);
    for (const look of looks) look.end();
    expect(await Promise.all(all)).toEqual(names);
  });

  it('fails for those alone who waited for it', async () => {
    const { looks, ask } = shelf({ a: 'Ada' });
    const first = expect(ask('a')).rejects.toThrow('the disk is gone');
    const second = ask('a');
    looks[0]?.end(new Error('the disk is gone'));
    await first;
    await vi.waitFor(() => expect(looks).toHaveLength(2));
    looks[1]?.end();
    expect(await second).toBe('Ada');
  });
});

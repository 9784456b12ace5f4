// A migration that makes a table anew keeps what was in it and what leads to it.
import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const FOLDER = fileURLToPath(new URL('../../migrations/', import.meta.url));
const files = readdirSync(FOLDER).sort();

describe('the migrations', () => {
  it('keep streams that were made before visibility had more words', () => {
    const db = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true });
    const apply = (file: string) => db.exec(`BEGIN; ${readFileSync(FOLDER + file, 'utf8')} COMMIT;`);
    const at = files.indexOf('0004_visibility.sql');
    for (const file of files.slice(0, at)) apply(file);
    db.exec(`
      INSERT INTO users (id, handle, name, created_at_ms) VALUES ('us_ada0', 'ada', 'Ada', 1);
      INSERT INTO channels (id, owner_id, name, created_at_ms) VALUES ('ch_one1', 'us_ada0', 'One', 2);
      INSERT INTO streams (id, channel_id, title, genre, visibility, latency, reconnect_window_seconds, state, state_at_ms,
        created_at_ms, ended_at_ms)
      VALUES ('st_zzzz', 'ch_one1', 'Old', 'music', 'unlisted', 'low', 60, 'ended', 5, 3, 5),
        ('st_aaaa', 'ch_one1', 'New', 'music', 'public', 'low', 60, 'live', 6, 3, NULL);`);
    for (const file of files.slice(at)) apply(file);
    const rows = db.prepare('SELECT id, title, visibility, gate_at_ms, ended_at_ms FROM streams ORDER BY rowid').all();
    expect(rows.map((row) => ({ ...row }))).toEqual([
      { id: 'st_zzzz', title: 'Old', visibility: 'unlisted', gate_at_ms: 3, ended_at_ms: 5 },
      { id: 'st_aaaa', title: 'New', visibility: 'public', gate_at_ms: 3, ended_at_ms: null },
    ]);
    expect(db.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    const second =
      "INSERT INTO streams SELECT 'st_bbbb', channel_id, title, genre, 'private', 3, latency, 60, 'waiting', 7, 7, NULL, NULL, NULL FROM streams WHERE id = 'st_zzzz'";
    expect(() => db.exec(second)).toThrow('UNIQUE');
    db.exec("UPDATE streams SET state = 'ended', visibility = 'password' WHERE id = 'st_aaaa'");
    db.exec(second);
    expect(() => db.exec("UPDATE streams SET visibility = 'secret'")).toThrow('CHECK');
  });
});

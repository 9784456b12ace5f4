// The first broadcaster of a new installation can publish: the key that was shown is the key that the database knows.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { firstChannelSql } from '../../scripts/deploy/first-channel-sql.ts';
import { randomFrom } from '../support/random.ts';

const MIGRATIONS = join(import.meta.dirname, '../../migrations');

it('the first channel gets an owner, and a key of which only the hash is kept', async () => {
  const database = new DatabaseSync(':memory:');
  for (const file of readdirSync(MIGRATIONS).sort()) database.exec(readFileSync(join(MIGRATIONS, file), 'utf8'));
  const random = randomFrom(7);
  const bytes = (length: number) => Uint8Array.from({ length }, () => random() * 256);

  const made = await firstChannelSql({ handle: 'ada', name: "Ada O'Neill", channel: "Ada's stage" }, 1000, bytes);
  database.exec(made.sql);

  const row = database
    .prepare(
      `SELECT channels.id, channels.name AS channel, users.name, key_hash FROM stream_keys
       JOIN channels ON channels.id = channel_id JOIN users ON users.id = owner_id WHERE revoked_at_ms IS NULL`,
    )
    .get();
  expect(row).toEqual({
    id: made.channelId,
    channel: "Ada's stage",
    name: "Ada O'Neill",
    key_hash: createHash('sha256').update(made.streamKey).digest('hex'),
  });
  expect(made.sql).not.toContain(made.streamKey);
});

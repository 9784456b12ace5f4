// The first broadcaster of a new installation, as SQL for its database: a person, a channel and the channel's stream key.
import { mintStreamKey } from '../../src/auth/secrets.ts';
import { mintId } from '../../src/protocol/ids.ts';

export interface FirstChannel {
  sql: string;
  channelId: string;
  /** Told once: the database gets its hash only. */
  streamKey: string;
}

/** `random(n)`: n random bytes. The stream itself is opened by the first publish, under the channel's name. */
export async function firstChannelSql(
  { handle, name, channel }: { handle: string; name: string; channel: string },
  nowMs: number,
  random: (length: number) => Uint8Array,
): Promise<FirstChannel> {
  const userId = mintId('us', random(16));
  const channelId = mintId('ch', random(16));
  const { streamKey, kept } = await mintStreamKey(random(32));
  const sql = [
    insert('users', {
      id: userId,
      handle,
      name,
      platform_role: 'admin',
      created_at_ms: nowMs,
    }),
    insert('channels', { id: channelId, owner_id: userId, name: channel, created_at_ms: nowMs }),
    insert('stream_keys', {
      key_hash: kept.keyHash,
      channel_id: channelId,
      hint: kept.hint,
      created_at_ms: nowMs,
    }),
  ].join('\n');
  return { sql: `${sql}\n`, channelId, streamKey };
}

function insert(table: string, row: Record<string, string | number>): string {
  const values = Object.values(row).map((value) => (typeof value === 'number' ? String(value) : quoted(value)));
  return `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${values.join(', ')});`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

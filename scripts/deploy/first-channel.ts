// `npm run first-channel -- --handle ada --name "Ada" --channel "Ada's stage" --out first-channel.sql`
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { firstChannelSql } from './first-channel-sql.ts';

const { values } = parseArgs({
  options: {
    handle: { type: 'string' },
    name: { type: 'string' },
    channel: { type: 'string' },
    out: { type: 'string', default: 'first-channel.sql' },
  },
});
const { handle, name, channel, out } = values;

if (!handle || !/^[a-z0-9_]{2,32}$/.test(handle) || !name || !channel) {
  console.error(
    'Say who it is for: --handle (2 to 32 of a-z, 0-9, _), --name and --channel, for example\n' +
      '  npm run first-channel -- --handle ada --name "Ada" --channel "Ada\'s stage"',
  );
  process.exit(1);
}

const made = await firstChannelSql({ handle, name, channel }, Date.now(), (length) => randomBytes(length));
writeFileSync(out, made.sql, { mode: 0o600 });
console.info(`Channel     ${made.channelId}`);
console.info(`Stream key  ${made.streamKey}   (shown this once)`);
console.info(`\nNow run     npx wrangler d1 execute footlight --remote --file ${out}`);

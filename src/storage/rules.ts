// The rules by which lines are judged: of a channel, and of the platform.
import { eq, inArray, isNull, or, sql } from 'drizzle-orm';
import type { ChannelId, StreamId } from '../protocol/ids.ts';
import { type ChannelRules, STANDARD_RULES } from '../protocol/rules.ts';
import { shelves } from './database.ts';
import { judgingRules, streams } from './schema.ts';

export interface KeptRules extends ChannelRules {
  /** 0: never changed. */
  version: number;
}

const UNCHANGED: KeptRules = { ...STANDARD_RULES, version: 0 };

/** `channelId` null: those of the platform. */
export async function findRules(db: D1Database, channelId: ChannelId | null): Promise<KeptRules> {
  const [row] = await shelves(db).select().from(judgingRules).where(isOn(channelId));
  return row ? toRules(row) : UNCHANGED;
}

/** What counts in the room of a stream. */
export async function findRulesOfStream(
  db: D1Database,
  id: StreamId,
): Promise<{ channel: KeptRules; platform: KeptRules }> {
  const ofStream = shelves(db).select({ id: streams.channelId }).from(streams).where(eq(streams.id, id));
  const rows = await shelves(db)
    .select()
    .from(judgingRules)
    .where(or(isNull(judgingRules.channelId), inArray(judgingRules.channelId, ofStream)));
  const [platform, channel] = [true, false].map((isPlatform) =>
    rows.find(({ channelId }) => (channelId === null) === isPlatform),
  );
  return { channel: channel ? toRules(channel) : UNCHANGED, platform: platform ? toRules(platform) : UNCHANGED };
}

export async function replaceRules(db: D1Database, channelId: ChannelId | null, rules: ChannelRules): Promise<void> {
  const { strictness, links, allowedSites, words, whenModelIsDown } = rules;
  const values = { strictness, links, allowedSites, words, whenModelIsDown };
  const changed = await shelves(db)
    .update(judgingRules)
    .set({ ...values, version: sql`${judgingRules.version} + 1` })
    .where(isOn(channelId))
    .returning({ version: judgingRules.version });
  if (changed.length === 0)
    await shelves(db)
      .insert(judgingRules)
      .values({ channelId, version: 1, ...values });
}

const isOn = (channelId: ChannelId | null) =>
  channelId === null ? isNull(judgingRules.channelId) : eq(judgingRules.channelId, channelId);

const toRules = ({ channelId: _channel, ...rules }: typeof judgingRules.$inferSelect): KeptRules => rules;

// What a timeout and a ban from the chat do beside a ban that stands, and what taking them back brings back.
import { describe, expect, it } from 'vitest';
import { Ban, PlaceBan } from '../../../src/protocol/bans.ts';
import { again, placeOver } from '../../../src/web/chat/restraining.ts';

const NOW_MS = Date.UTC(2026, 5, 1, 20);
const CLEO = { id: 'us_cleo00', handle: 'cleo', name: 'Cleo' };
const iso = (ms: number) => new Date(ms).toISOString();

/** The bans of a channel, kept as the API keeps them: one of a person. */
class Channel {
  bans: Ban[] = [];
  nowMs = NOW_MS;

  list = async () => this.bans;
  place = async (userId: string, json: Parameters<typeof PlaceBan.parse>[0]) => {
    const { seconds, effect, network, reason = null } = PlaceBan.parse(json);
    const until = seconds === null ? null : iso(this.nowMs + seconds * 1000);
    const ban = Ban.parse({ user: CLEO, channelId: null, effect, network, reason, bannedAt: iso(this.nowMs), until });
    this.bans = [...this.bans.filter(({ user }) => user.id !== userId), ban];
    return ban;
  };
  restrain = (seconds: number | null) => {
    const wanted = { seconds, effect: 'refuse' as const };
    const asked = { userId: CLEO.id, name: '@cleo', remedy: '/unban @cleo first', wanted };
    return placeOver(this, asked, this.nowMs);
  };
}

const withBan = async (json: object): Promise<Channel> => {
  const channel = new Channel();
  await channel.place(CLEO.id, { seconds: null, ...json });
  return channel;
};

describe('a timeout from the chat', () => {
  it('is placed where nothing stands, and nothing is to be brought back', async () => {
    const channel = new Channel();
    expect(await channel.restrain(600)).toBeNull();
    expect(channel.bans).toMatchObject([{ effect: 'refuse', network: false, until: iso(NOW_MS + 600_000) }]);
  });

  it.each([
    [{}, /@cleo says nothing for good: .*\/unban @cleo/],
    [{ seconds: 86_400 }, /@cleo says nothing for 24 h more/],
    [{ effect: 'hold' }, /What @cleo says waits for a moderator for good/],
  ])('does not loosen %j, and says why', async (json, words) => {
    const channel = await withBan(json);
    const { bans } = channel;
    await expect(channel.restrain(600)).rejects.toThrow(words);
    expect(channel.bans).toBe(bans);
  });

  it('does not become a hold, which would let words through to a moderator', async () => {
    const channel = await withBan({});
    const wanted = { seconds: null, effect: 'hold' as const };
    const asked = { userId: CLEO.id, name: '@cleo', remedy: 'lift it', wanted };
    await expect(placeOver(channel, asked, NOW_MS)).rejects.toThrow(/holding their words would loosen that/);
    expect(channel.bans).toMatchObject([{ effect: 'refuse' }]);
  });

  it('that is longer takes the place of the shorter, which taking it back brings back for what is left of it', async () => {
    const channel = await withBan({ seconds: 600, reason: 'Herrings', network: true });
    const before = await channel.restrain(3_600);
    expect(channel.bans).toMatchObject([{ reason: 'Herrings', network: true, until: iso(NOW_MS + 3_600_000) }]);
    channel.nowMs += 60_000;
    await channel.place(CLEO.id, again(before!, channel.nowMs));
    expect(channel.bans).toMatchObject([{ reason: 'Herrings', network: true, until: iso(NOW_MS + 600_000) }]);
  });
});

it('a ban from the chat is stronger than any, and taking it back brings back the hold that stood', async () => {
  const channel = await withBan({ effect: 'hold' });
  const before = await channel.restrain(null);
  expect(channel.bans).toMatchObject([{ effect: 'refuse', until: null }]);
  await channel.place(CLEO.id, again(before!, channel.nowMs));
  expect(channel.bans).toMatchObject([{ effect: 'hold', until: null }]);
});

// What a moderator's keys and dialogs do about somebody who is banned already, on a channel and everywhere.
import { describe, expect, it } from 'vitest';
import { Ban, PlaceBan } from '../../../src/protocol/bans.ts';
import { deskBans } from '../../../src/web/moderation/desk-bans.ts';

const CLEO = { id: 'us_cleo00', handle: 'cleo', name: 'Cleo' };

/** Bans as the API keeps them: one of a person. */
function keptBans(channelId: string | null) {
  let bans: Ban[] = [];
  return {
    list: async () => bans,
    place: async (userId: string, json: object) => {
      const { seconds, effect, network, reason = null } = PlaceBan.parse(json);
      const [bannedAt, until] = [0, seconds ?? 0].map((after) => new Date(Date.now() + after * 1000).toISOString());
      const stands = { channelId, effect, network, reason, bannedAt, until: seconds === null ? null : until };
      const ban = Ban.parse({ user: CLEO, ...stands });
      bans = [...bans.filter(({ user }) => user.id !== userId), ban];
      return ban;
    },
    lift: async (userId: string) => {
      bans = bans.filter(({ user }) => user.id !== userId);
    },
  };
}
const both = () => ({ channel: keptBans('ch_aaaa'), platform: keptBans(null) });

describe('a timeout by one key', () => {
  it.each([
    [{ seconds: null, reason: 'Threats' }, 'Cleo says nothing for good'],
    [{ seconds: 86_400 }, 'Cleo says nothing for 24 h more'],
    [{ seconds: null, effect: 'hold' }, 'What Cleo says waits for a moderator for good'],
  ])('does not shorten %j, which stands, and says so', async (stands, words) => {
    const apis = both();
    await apis.channel.place(CLEO.id, stands);
    const before = await apis.channel.list();
    await expect(deskBans(apis).ban(CLEO, { seconds: 600 })).rejects.toThrow(words);
    await expect(deskBans(apis).ban(CLEO, { seconds: 600 })).rejects.toThrow('let Cleo speak again first');
    expect(await apis.channel.list()).toEqual(before);
  });

  it('lengthens a shorter one, keeps why, and is undone into it', async () => {
    const apis = both();
    await apis.channel.place(CLEO.id, { seconds: 60, reason: 'Flood', network: true });
    const desk = deskBans(apis);
    const { done, undo } = await desk.ban(CLEO, { seconds: 600 });
    expect(done).toBe('Cleo says nothing for 10 min.');
    const [longer] = desk.lists.channel.value!;
    expect(longer).toMatchObject({ reason: 'Flood', network: true });
    expect(Date.parse(longer!.until!) - Date.now()).toBeGreaterThan(590_000);
    expect(await undo!()).toBe('Cleo stands as before.');
    expect(Date.parse(desk.lists.channel.value![0]!.until!) - Date.now()).toBeLessThan(61_000);
  });
});

describe('a ban everywhere', () => {
  it('is placed and lifted by who moderates Footlight, beside what the channel decides', async () => {
    const apis = both();
    const desk = deskBans(apis);
    const { done, undo } = await desk.ban(CLEO, { scope: 'platform', seconds: null, reason: 'Hate' });
    expect(done).toBe('Cleo is banned everywhere, for good.');
    expect(desk.lists.platform.value).toMatchObject([{ channelId: null, reason: 'Hate' }]);
    expect(await apis.channel.list()).toEqual([]);
    // The channel's own timeout is no part of it.
    await desk.ban(CLEO, { seconds: 600 });
    expect(await undo!()).toBe('Cleo may speak again.');
    expect(desk.lists.platform.value).toEqual([]);
    expect(await apis.channel.list()).toHaveLength(1);
  });

  it('is for nobody else', async () => {
    const desk = deskBans({ channel: keptBans('ch_aaaa') });
    await expect(desk.ban(CLEO, { scope: 'platform', seconds: null })).rejects.toThrow('those who moderate Footlight');
  });

  it('and one of the channel are taken from what another moderator has done, as it happens', async () => {
    const apis = both();
    const desk = deskBans(apis);
    await desk.read();
    const ban = await keptBans(null).place(CLEO.id, { seconds: null });
    const told = { by: CLEO, user: CLEO, messageIds: [], at: ban.bannedAt } as never as Parameters<
      typeof desk.heard
    >[0];
    desk.heard({ ...told, act: 'banned', scope: 'platform', ban });
    expect(desk.lists.platform.value).toEqual([ban]);
    expect(desk.lists.channel.value).toEqual([]);
    desk.heard({ ...told, act: 'lifted', scope: 'platform', ban: null });
    expect(desk.lists.platform.value).toEqual([]);
  });
});

// What happens in a room between two words: the hello before all else, and rights as they are at the moment they count.
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import type { LiveRoom } from '../../durable-objects/live-room.ts';
import { comeIn, type Opened, openRoom, person } from './room-guest.ts';

type Inside = {
  keeper: { rules: { ready(): Promise<void> | null } };
  env: Env;
};

/** What the room looks up is not found before `release` is called. */
async function slowly({ room }: Opened, where: 'rules' | 'database'): Promise<{ release(): void }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await runInDurableObject(room, (object: LiveRoom) => {
    const inside = object as unknown as Inside;
    if (where === 'rules') inside.keeper.rules.ready = () => promise;
    else Object.defineProperty(object, 'env', { value: { ...inside.env, DB: late(inside.env.DB, promise) } });
  });
  return { release: resolve };
}

/** The same thing, whose answers wait. */
function late<Thing extends object>(thing: Thing, gate: Promise<void>): Thing {
  return new Proxy(thing, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const answer: unknown = value.apply(target, args);
        if (answer instanceof Promise) return gate.then(() => answer);
        return typeof answer === 'object' && answer !== null ? late(answer, gate) : answer;
      };
    },
  });
}

const aMoment = () => new Promise((resolve) => setTimeout(resolve, 100));

describe('the first word on a socket', () => {
  it('is the hello, also where coming in is what tells the room that its stream has ended', async () => {
    const opened = await openRoom();
    const { room, place, owner } = opened;
    await room.change(place, owner, { afterLive: 'open' });
    await room.watching(place, [{ viewer: 'viewer0000000000', isLeaving: false }]);
    await aMoment();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const late = await comeIn({ ...opened, place: { ...place, streamState: 'ended' } });
    await late.hears('hello');
    expect(late.heard[0]).toMatchObject({ kind: 'hello', tally: { viewers: 0 } });
  });
});

describe('somebody whose rights end while the room looks something up', () => {
  it('says nothing any more', async () => {
    const opened = await openRoom();
    const who = await person();
    const [client, reader] = [await comeIn(opened, who), await comeIn(opened)];
    const { release } = await slowly(opened, 'rules');
    client.send({ kind: 'send', clientId: 'a', text: 'Too late' });
    await aMoment();
    await opened.room.turnAway({ userId: who.id }, 'signed_out');
    release();
    await client.hears('bye');
    await aMoment();
    expect(reader.texts).toEqual([]);
  });

  it.each(['rules', 'database'] as const)('removes nothing any more (%s)', async (where) => {
    const opened = await openRoom();
    const moderator = await person('channel_moderator');
    const said = await opened.room.say(opened.place, await person(), { clientId: 'a', text: 'Hello' });
    if (!said.ok) throw new Error(said.detail);
    const [client, reader] = [await comeIn(opened, moderator), await comeIn(opened)];
    const { release } = await slowly(opened, where);
    client.send({ kind: 'delete', messageId: said.message.id });
    await aMoment();
    await opened.room.turnAway({ userId: moderator.id }, 'roles_changed');
    release();
    await client.hears('bye');
    await aMoment();
    expect(reader.events.map(({ kind }) => kind)).toEqual(['message']);
  });

  it('or begin, speaks as what they are by then', async () => {
    const opened = await openRoom();
    const who = await person();
    await opened.room.change(opened.place, opened.owner, { followersOnlyMinutes: 0 });
    const client = await comeIn(opened, who);
    const { release } = await slowly(opened, 'rules');
    client.send({ kind: 'send', clientId: 'a', text: 'I follow now' });
    await aMoment();
    await opened.room.followed(who.id, Date.now() - 1000);
    release();
    expect(await client.hears('accepted')).toMatchObject({ clientId: 'a' });
  });
});

// The contract of rooms: what is said in them, how they are set, and the tickets.
import type { HeldLine, Message } from '../../../src/protocol/chat.ts';
import { lockedStream } from './gates.ts';
import type { Case, Contract, Person, Scene } from './table.ts';

const STREAMS = '/api/v1/streams';
const at = ({ stream }: Scene, rest: string): string => `${STREAMS}/${stream.id}${rest}`;

const said = async (scene: Scene, who: Person = scene.owner): Promise<Message> =>
  (await scene.send({ method: 'post', path: at(scene, '/chat'), as: who, body: { text: 'Hello' } })).json();

/** Sets the room, and then somebody says something in it. */
const saidWith = async (scene: Scene, settings: object, text = 'Hello'): Promise<Case> => {
  const { owner, stranger, send } = scene;
  await (await send({ method: 'patch', path: at(scene, '/room'), as: owner, body: settings })).arrayBuffer();
  return { path: at(scene, '/chat'), as: stranger, body: { text } };
};

const inLocked = async (scene: Scene, rest: string, over: Omit<Case, 'path'>): Promise<Case> => ({
  path: `${STREAMS}/${await lockedStream(scene)}${rest}`,
  ...over,
});

/** Something that a judge holds. */
const heldLine = async (scene: Scene): Promise<HeldLine> => {
  const body = { text: 'See http://an-unknown-site.example/page' };
  const { stranger, owner, send } = scene;
  await (await send({ method: 'post', path: at(scene, '/chat'), as: stranger, body })).arrayBuffer();
  const path = at(scene, '/room/held');
  const { lines } = await (await send({ method: 'get', path, as: owner })).json<{ lines: HeldLine[] }>();
  return lines[0]!;
};

/** They may say nothing here for a minute. */
export async function banStranger({ stream, stranger, owner, send }: Scene): Promise<void> {
  const path = `/api/v1/channels/${stream.channelId}/bans/${stranger.id}`;
  await (await send({ method: 'put', path, as: owner, body: { seconds: 60 } })).arrayBuffer();
}

/** A moderator of the channel whom its owner has banned: the role stays, the voice does not. */
export async function banModerator(scene: Scene): Promise<void> {
  const path = `/api/v1/channels/${scene.stream.channelId}/roles/${scene.stranger.id}`;
  await (await scene.send({ method: 'put', path, as: scene.owner, body: { role: 'moderator' } })).arrayBuffer();
  await banStranger(scene);
}

export const rooms: Contract = {
  [`post ${STREAMS}/{id}/chat`]: {
    good: (scene) => ({ path: at(scene, '/chat'), as: scene.stranger, body: { text: 'Hello' } }),
    also: {
      '403 pass_needed': (scene) => inLocked(scene, '/chat', { as: scene.stranger, body: { text: 'Hello' } }),
      '403 banned': async (scene) => {
        await banStranger(scene);
        return { path: at(scene, '/chat'), as: scene.stranger, body: { text: 'Hello' } };
      },
      '403 followers_only': (scene) => saidWith(scene, { followersOnlyMinutes: 0 }),
      '403 subscribers_only': (scene) => saidWith(scene, { subscribersOnly: true }),
      '403 account_too_new': (scene) => saidWith(scene, { minAccountAgeMinutes: 5 }),
      '409 room_closed': (scene) => saidWith(scene, { beforeLive: 'closed' }),
      '409 said_before': async (scene) => {
        await said(scene);
        return saidWith(scene, { unique: true });
      },
      '422 message_denied': (scene) => ({
        path: at(scene, '/chat'),
        as: scene.stranger,
        body: { text: 'Free skins at https://steamcommunlty.com' },
      }),
      '422 message_held': (scene) => ({
        path: at(scene, '/chat'),
        as: scene.stranger,
        body: { text: 'See http://an-unknown-site.example/page' },
      }),
      '422 emote_only': (scene) => saidWith(scene, { emoteOnly: true }),
      '429 slow_mode': async (scene) => {
        await said(scene, scene.stranger);
        return saidWith(scene, { slowSeconds: 60 });
      },
    },
  },
  [`get ${STREAMS}/{id}/chat`]: {
    good: async (scene) => {
      await said(scene);
      return { path: at(scene, '/chat') };
    },
    also: { '403 pass_needed': (scene) => inLocked(scene, '/chat', {}) },
  },
  [`delete ${STREAMS}/{id}/chat/{messageId}`]: {
    good: async (scene) => ({ path: at(scene, `/chat/${(await said(scene)).id}`), as: scene.owner }),
    also: {
      '403 forbidden': async (scene) => ({ path: at(scene, `/chat/${(await said(scene)).id}`), as: scene.stranger }),
      '403 pass_needed': (scene) => inLocked(scene, '/chat/ms_nothing', { as: scene.stranger }),
    },
  },
  [`get ${STREAMS}/{id}/room`]: {
    good: (scene) => ({ path: at(scene, '/room') }),
    also: { '403 pass_needed': (scene) => inLocked(scene, '/room', {}) },
  },
  [`patch ${STREAMS}/{id}/room`]: {
    good: (scene) => ({ path: at(scene, '/room'), as: scene.owner, body: { slowSeconds: 10 } }),
    also: { '403 pass_needed': (scene) => inLocked(scene, '/room', { as: scene.stranger, body: { slowSeconds: 10 } }) },
  },
  [`post ${STREAMS}/{id}/room/tickets`]: {
    good: (scene) => ({ path: at(scene, '/room/tickets'), as: scene.stranger }),
    also: {
      '201': (scene) => ({ path: at(scene, '/room/tickets') }),
      '403 pass_needed': (scene) => inLocked(scene, '/room/tickets', { as: scene.stranger }),
    },
  },
  [`put ${STREAMS}/{id}/room/pin`]: {
    good: async (scene) => ({
      path: at(scene, '/room/pin'),
      as: scene.owner,
      body: { messageId: (await said(scene)).id },
    }),
    also: {
      '403 pass_needed': (scene) =>
        inLocked(scene, '/room/pin', { as: scene.stranger, body: { messageId: 'ms_nothing' } }),
    },
  },
  [`delete ${STREAMS}/{id}/room/pin`]: {
    good: (scene) => ({ path: at(scene, '/room/pin'), as: scene.owner }),
    also: { '403 pass_needed': (scene) => inLocked(scene, '/room/pin', { as: scene.stranger }) },
  },
  [`post ${STREAMS}/{id}/room/announcements`]: {
    good: (scene) => ({ path: at(scene, '/room/announcements'), as: scene.owner, body: { text: 'Half time' } }),
    also: {
      '403 banned': async (scene) => {
        await banModerator(scene);
        return { path: at(scene, '/room/announcements'), as: scene.stranger, body: { text: 'Hello' } };
      },
      '422 message_denied': (scene) => ({
        path: at(scene, '/room/announcements'),
        as: scene.owner,
        body: { text: 'Free skins at https://steamcommunlty.com' },
      }),
      '403 pass_needed': (scene) =>
        inLocked(scene, '/room/announcements', { as: scene.stranger, body: { text: 'Hello' } }),
    },
  },
  [`post ${STREAMS}/{id}/room/clearings`]: {
    good: (scene) => ({ path: at(scene, '/room/clearings'), as: scene.owner, body: { reason: 'A raid' } }),
    also: { '403 pass_needed': (scene) => inLocked(scene, '/room/clearings', { as: scene.stranger, body: {} }) },
  },
  [`get ${STREAMS}/{id}/room/held`]: {
    good: async (scene) => {
      await heldLine(scene);
      return { path: at(scene, '/room/held'), as: scene.owner };
    },
    also: { '403 pass_needed': (scene) => inLocked(scene, '/room/held', { as: scene.stranger }) },
  },
  [`put ${STREAMS}/{id}/room/held/{messageId}/decision`]: {
    good: async (scene) => ({
      path: at(scene, `/room/held/${(await heldLine(scene)).id}/decision`),
      as: scene.owner,
      body: { decision: 'approved' },
    }),
    also: {
      '403 pass_needed': (scene) =>
        inLocked(scene, '/room/held/ms_nothing/decision', { as: scene.stranger, body: { decision: 'denied' } }),
      '409 conflict': async (scene) => {
        const path = at(scene, `/room/held/${(await heldLine(scene)).id}/decision`);
        const body = { decision: 'denied' };
        await (await scene.send({ method: 'put', path, as: scene.owner, body })).arrayBuffer();
        return { path, as: scene.admin, body: { decision: 'approved' } };
      },
    },
  },
};

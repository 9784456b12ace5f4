// The contract of reports, of cards with their notes, and of blocks.
import type { Message } from '../../../src/protocol/chat.ts';
import type { Note } from '../../../src/protocol/person-card.ts';
import type { ReportMade } from '../../../src/protocol/reports.ts';
import { fill } from '../full.ts';
import { lockedStream } from './gates.ts';
import type { Case, Contract, Person, Scene } from './table.ts';

const STREAMS = '/api/v1/streams';
const CHANNELS = '/api/v1/channels';
const REPORTS = '/api/v1/reports';
const BLOCKS = '/api/v1/users/me/blocks';
const SPAM = { reason: 'spam', text: 'The third time today' };

const said = async ({ stream, send }: Scene, who: Person): Promise<Message> =>
  (await send({ method: 'post', path: `${STREAMS}/${stream.id}/chat`, as: who, body: { text: 'Hello' } })).json();

const reporting = async (scene: Scene, who: Person = scene.owner): Promise<Case> => ({
  path: `${STREAMS}/${scene.stream.id}/chat/${(await said(scene, scene.stranger)).id}/reports`,
  as: who,
  body: SPAM,
});

const reported = async (scene: Scene): Promise<ReportMade> =>
  (await scene.send({ method: 'post', ...(await reporting(scene)) })).json();

const ACTED = { outcome: 'acted', note: 'Banned for a day' };

/** Answered by the owner before an administrator does. */
async function answered(scene: Scene): Promise<string> {
  const { id } = await reported(scene);
  const path = `${CHANNELS}/${scene.stream.channelId}/reports/${id}/answer`;
  await (await scene.send({ method: 'put', path, as: scene.owner, body: ACTED })).arrayBuffer();
  return id;
}

const cardOf = ({ stream, stranger }: Scene): string => `${CHANNELS}/${stream.channelId}/people/${stranger.id}`;

const noted = async (scene: Scene, who: Person = scene.owner): Promise<Note> =>
  (
    await scene.send({ method: 'post', path: `${cardOf(scene)}/notes`, as: who, body: { text: 'Mind the links' } })
  ).json();

export const reports: Contract = {
  [`post ${STREAMS}/{id}/chat/{messageId}/reports`]: {
    good: reporting,
    also: {
      '200': async (scene) => {
        const again = await reporting(scene);
        await (await scene.send({ method: 'post', ...again })).arrayBuffer();
        return again;
      },
      '403 pass_needed': async (scene) => ({
        path: `${STREAMS}/${await lockedStream(scene)}/chat/ms_nothing/reports`,
        as: scene.stranger,
        body: SPAM,
      }),
      '403 quota_exceeded': async (scene) => {
        const wanted = await reporting(scene);
        await fill.reports_a_day(scene.owner.id);
        return wanted;
      },
      '409 conflict': (scene) => reporting(scene, scene.stranger),
    },
  },
  [`get ${CHANNELS}/{id}/reports`]: {
    good: async (scene) => {
      await reported(scene);
      return { path: `${CHANNELS}/${scene.stream.channelId}/reports`, as: scene.owner };
    },
  },
  [`put ${CHANNELS}/{id}/reports/{reportId}/answer`]: {
    good: async (scene) => ({
      path: `${CHANNELS}/${scene.stream.channelId}/reports/${(await reported(scene)).id}/answer`,
      as: scene.owner,
      body: ACTED,
    }),
    also: {
      '409 conflict': async (scene) => ({
        path: `${CHANNELS}/${scene.stream.channelId}/reports/${await answered(scene)}/answer`,
        as: scene.admin,
        body: { outcome: 'dismissed' },
      }),
    },
  },
  [`get ${REPORTS}`]: {
    good: async (scene) => {
      await reported(scene);
      return { path: REPORTS, as: scene.admin };
    },
  },
  [`put ${REPORTS}/{reportId}/answer`]: {
    good: async (scene) => ({
      path: `${REPORTS}/${(await reported(scene)).id}/answer`,
      as: scene.admin,
      body: ACTED,
    }),
    also: {
      '409 conflict': async (scene) => ({
        path: `${REPORTS}/${await answered(scene)}/answer`,
        as: scene.admin,
        body: { outcome: 'dismissed' },
      }),
    },
  },
  [`get ${CHANNELS}/{id}/people/{userId}`]: {
    good: async (scene) => {
      await reported(scene);
      await noted(scene);
      const path = `${CHANNELS}/${scene.stream.channelId}/bans/${scene.stranger.id}`;
      await (await scene.send({ method: 'put', path, as: scene.owner, body: { seconds: 60 } })).arrayBuffer();
      return { path: cardOf(scene), as: scene.owner };
    },
  },
  [`post ${CHANNELS}/{id}/people/{userId}/notes`]: {
    good: (scene) => ({ path: `${cardOf(scene)}/notes`, as: scene.owner, body: { text: 'Mind the links' } }),
    also: {
      '403 quota_exceeded': async (scene) => {
        await fill.notes(`${scene.stream.channelId} ${scene.stranger.id}`);
        return { path: `${cardOf(scene)}/notes`, as: scene.owner, body: { text: 'Mind the links' } };
      },
    },
  },
  [`delete ${CHANNELS}/{id}/people/{userId}/notes/{noteId}`]: {
    good: async (scene) => ({ path: `${cardOf(scene)}/notes/${(await noted(scene)).id}`, as: scene.owner }),
    also: {
      '403 forbidden': async (scene) => {
        const { id } = await noted(scene, scene.admin);
        return { path: `${cardOf(scene)}/notes/${id}`, as: scene.owner };
      },
    },
  },
  [`get ${BLOCKS}`]: {
    good: async ({ owner, stranger, send }) => {
      await send({ method: 'put', path: `${BLOCKS}/${stranger.id}`, as: owner });
      return { path: BLOCKS, as: owner };
    },
  },
  [`put ${BLOCKS}/{userId}`]: {
    good: ({ owner, stranger }) => ({ path: `${BLOCKS}/${stranger.id}`, as: owner }),
    also: {
      '403 quota_exceeded': async ({ owner, stranger }) => {
        await fill.blocks(owner.id);
        return { path: `${BLOCKS}/${stranger.id}`, as: owner };
      },
      '409 conflict': ({ owner }) => ({ path: `${BLOCKS}/${owner.id}`, as: owner }),
    },
  },
  [`delete ${BLOCKS}/{userId}`]: {
    good: ({ owner, stranger }) => ({ path: `${BLOCKS}/${stranger.id}`, as: owner }),
  },
};

// A long random session of the rules alone, against a log as simple as can be: what must hold at every step.
import { expect, it } from 'vitest';
import { ROLES, type Role } from '../../../src/domain/access.ts';
import type { RoomOutput, SendFacts } from '../../../src/domain/chat/inputs.ts';
import type { JudgeLine } from '../../../src/domain/chat/judging.ts';
import { sameness } from '../../../src/domain/chat/modes.ts';
import { newRoom, Room } from '../../../src/domain/chat/room.ts';
import { isStaff, isVip, type Speaker } from '../../../src/domain/chat/speaker.ts';
import { rankOf } from '../../../src/domain/rank.ts';
import type { RoomEvent } from '../../../src/protocol/chat/events.ts';
import { MessageId, StreamId, UserId } from '../../../src/protocol/ids.ts';
import { randomFrom } from '../../support/random.ts';

const PEOPLE = 220;
const STEPS = 6000;
const START_MS = 1_795_521_600_000;

type Said = Extract<RoomEvent, { kind: 'message' }>;

/** Denies what is bad, masks what is rude, holds what is odd. */
const judge: JudgeLine = ({ text }) => {
  const action = text.includes('bad')
    ? 'deny'
    : text.includes('odd')
      ? 'hold'
      : text.includes('rude')
        ? 'mask'
        : 'allow';
  return { action, shown: text.replaceAll('rude', '****'), reason: null, score: 0, found: [] };
};

it.each([1, 2, 3])(`in ${STEPS} steps of ${PEOPLE} people the rules hold (seed %d)`, (seed) => {
  const random = randomFrom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <One>(list: readonly One[]): One => list[below(list.length)]!;
  const everybody = Array.from({ length: PEOPLE }, (_, index): Speaker => {
    const role: Role = index % 10 === 0 ? pick(ROLES) : 'viewer';
    return {
      id: UserId.parse(`us_some${index}`),
      handle: `some${index}`,
      name: `Some ${index}`,
      roles: role === 'viewer' ? ['viewer'] : ['viewer', role],
      followedAtMs: index % 3 === 0 ? null : START_MS - index * 60_000,
      createdAtMs: START_MS - index * 3_600_000,
      canSend: index % 17 !== 0,
      canModerate: index % 5 !== 0,
    };
  });
  let room = new Room(newRoom(StreamId.parse('st_abcd'), 'live'), { seq: 0, lastSentAtMs: 0, judge });
  let nowMs = START_MS;
  const events: RoomEvent[] = [];
  const said: { event: Said; author: Speaker; clientId: string; atMs: number }[] = [];
  const saidBy = new Map<Speaker, typeof said>();
  const words = new Set<string>();
  const removed = new Set<MessageId>();
  const sentIds = new Map<string, MessageId>();
  let closedAt: number | null = null;

  const factsOf = (speaker: Speaker, clientId: string, text: string): SendFacts => {
    const own = saidBy.get(speaker) ?? [];
    const earlier = own.find((one) => one.clientId === clientId);
    return {
      newId: MessageId.parse(`ms_said${said.length}`),
      earlier: earlier ? { seq: earlier.event.seq, id: earlier.event.id } : null,
      replyTo: null,
      lastSentAtMs: own.at(-1)?.atMs ?? null,
      wasSaidBefore: words.has(sameness(text)),
      linesBefore: Math.min(5, own.length),
      heldEarlier: null,
      waiting: { all: 0, own: 0, shadowed: 0 },
      restraint: null,
    };
  };
  const note = (outputs: readonly RoomOutput[], author: Speaker | null, clientId = ''): void => {
    for (const output of outputs) {
      if (output.type === 'closeEverybody') closedAt = events.length;
      if (output.type !== 'toEverybody') continue;
      const { event } = output;
      // One order, and each number once.
      expect(event.seq).toBe((events.at(-1)?.seq ?? 0) + 1);
      events.push(event);
      if (event.kind !== 'message') continue;
      const one = { event, author: author!, clientId, atMs: nowMs };
      said.push(one);
      saidBy.set(author!, [...(saidBy.get(author!) ?? []), one]);
      words.add(sameness(event.text));
    }
  };

  for (let step = 0; step < STEPS; step++) {
    nowMs += below(400);
    const who = pick(everybody);
    const dice = below(1000);
    if (dice < 850) {
      const isAgain = below(10) === 0;
      const clientId = isAgain ? `c${below(step + 1)}` : `c${step}`;
      const text = pick(['hello', `hello ${step}`, `bad ${step}`, `odd ${step}`, `rude ${step}`, '🎉', '🎉🎉']);
      const before = { settings: room.memory.settings, slow: room.view.automaticSlowSeconds, isOpen: room.view.isOpen };
      const facts = factsOf(who, clientId, text);
      const outputs = room.receive({ type: 'send', speaker: who, ask: { clientId, text }, facts }, nowMs);
      note(outputs, who, clientId);
      const answers = outputs.filter(({ type }) => type === 'toAsker' || type === 'refuse');
      // Every send has one answer.
      expect(answers).toHaveLength(1);
      const wasSaid = outputs.some((output) => output.type === 'toEverybody' && output.event.kind === 'message');
      const [answer] = answers;
      if (answer?.type === 'toAsker') {
        // The same client id always means the same message.
        const key = `${who.id} ${clientId}`;
        expect(sentIds.get(key) ?? answer.frame.id).toBe(answer.frame.id);
        sentIds.set(key, answer.frame.id);
        expect(wasSaid).toBe(facts.earlier === null);
      } else expect(wasSaid).toBe(false);
      if (!wasSaid) continue;
      // Nobody is heard who may not be, and nothing that a judge did not let through.
      expect(who.canSend && before.isOpen).toBe(true);
      expect(/bad|odd|rude/.test(said.at(-1)!.event.text)).toBe(false);
      if (isStaff(who.roles)) continue;
      const { settings } = before;
      if (settings.emoteOnly) expect(text).toMatch(/^🎉+$/u);
      if (settings.unique) expect(facts.wasSaidBefore).toBe(false);
      if (isVip(who.roles)) continue;
      const slowMs = Math.max(settings.slowSeconds, before.slow) * 1000;
      if (facts.lastSentAtMs !== null) expect(nowMs - facts.lastSentAtMs).toBeGreaterThanOrEqual(slowMs);
      if (settings.followersOnlyMinutes !== null) expect(who.followedAtMs).not.toBeNull();
      expect(settings.subscribersOnly).toBe(false);
    } else if (dice < 940) {
      const target = said.length > 0 ? pick(said) : null;
      const messageId = target?.event.id ?? MessageId.parse('ms_none');
      const isThere = target !== null && !removed.has(messageId);
      const facts = isThere ? { authorId: target.author.id, roles: target.author.roles } : null;
      const by = below(2) === 0 ? who : (target?.author ?? who);
      const outputs = room.receive({ type: 'remove', speaker: by, messageId, target: facts }, nowMs);
      note(outputs, null);
      if (!outputs.some((output) => output.type === 'toEverybody' && output.event.kind === 'removed')) continue;
      removed.add(messageId);
      const isAbove = by.canModerate && isStaff(by.roles) && rankOf(by.roles) > rankOf(target!.author.roles);
      expect(isThere && (target.author === by || isAbove)).toBe(true);
    } else if (dice < 990) {
      const change = pick([
        { slowSeconds: pick([0, 0, 1, 3]) },
        { followersOnlyMinutes: pick([null, null, 0, 10]) },
        { emoteOnly: below(4) === 0 },
        { unique: below(3) === 0 },
        { subscribersOnly: below(6) === 0 },
      ]);
      note(room.receive({ type: 'change', change }, nowMs), null);
    } else {
      // The object loses its memory, and begins again from what it has kept.
      room = new Room(structuredClone(room.memory), {
        seq: events.at(-1)?.seq ?? 0,
        lastSentAtMs: Math.max(0, ...said.slice(-1).map(({ event }) => Date.parse(event.sentAt))),
        judge,
      });
    }
  }
  note(room.receive({ type: 'stream_changed', state: 'ended' }, nowMs), null);
  expect(closedAt).toBe(events.length);
  for (const who of everybody) {
    const outputs = room.receive(
      { type: 'send', speaker: who, ask: { clientId: 'late', text: '🎉' }, facts: factsOf(who, 'late', '🎉') },
      nowMs,
    );
    expect(outputs).toMatchObject([{ type: 'refuse' }]);
  }
  // Times go with the numbers, and there was a session to speak of.
  const times = said.map(({ event }) => Date.parse(event.sentAt));
  expect(times.every((time, index) => index === 0 || time > times[index - 1]!)).toBe(true);
  expect(said.length).toBeGreaterThan(200);
  expect(removed.size).toBeGreaterThan(10);
});

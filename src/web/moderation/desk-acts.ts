// What a moderator does in the room of a channel, beside what they do about its people.
import { signal } from '@preact/signals';
import type { HeldLine } from '../../protocol/chat/held.ts';
import type { Author } from '../../protocol/chat/message.ts';
import type { RoomSettings, UpdateRoom } from '../../protocol/chat/settings.ts';
import type { ChannelShield } from '../../protocol/shield.ts';
import { ApiError } from '../api-client.ts';
import { moderationApi } from '../moderation-api.ts';
import type { DeskRoom } from './desk-room.ts';
import { moderatorActs } from './moderator-acts.ts';

export interface DeskActs extends ReturnType<typeof deskActs> {}

/** `isOfPlatform`: may they act everywhere? */
export function deskActs(channelId: string, isOfPlatform: boolean) {
  const acts = moderatorActs(channelId, isOfPlatform);
  const { run } = acts;
  /** As the last answer had it; a room that is open knows better. */
  const shield = signal<ChannelShield['shield']>(null);

  const decide = (room: DeskRoom, line: HeldLine, decision: 'approved' | 'denied') =>
    run(line.id, async () => {
      try {
        room.decided(await moderationApi.decide(room.streamId, line.id, { decision }));
      } catch (error) {
        // Somebody was faster, or its time is over: the queue is read again.
        if (error instanceof ApiError && (error.status === 409 || error.status === 404)) void room.askQueue();
        throw error;
      }
      const who = line.author?.name ?? 'somebody who left';
      if (decision === 'denied') return { done: `Denied: nobody sees what ${who} wrote.`, undo: null };
      const undo = async () => {
        await moderationApi.remove(room.streamId, line.id);
        return `What ${who} wrote is removed again.`;
      };
      return { done: `Approved: everybody sees what ${who} wrote.`, undo };
    });

  return {
    ...acts,
    shield,
    readShield: async () => {
      shield.value = (await moderationApi.shield(channelId)).shield;
    },
    decide,
    remove: (room: DeskRoom, { id, author }: { id: string; author: Author | null }) =>
      run(id, async () => {
        await moderationApi.remove(room.streamId, id);
        return { done: `Removed everywhere: what ${author?.name ?? 'somebody who left'} wrote.`, undo: null };
      }),
    change: (room: DeskRoom, settings: UpdateRoom, before: RoomSettings) =>
      run('room', async () => {
        await room.door.api.change(settings);
        const names = Object.keys(settings) as (keyof RoomSettings)[];
        const undo = async () => {
          await room.door.api.change(Object.fromEntries(names.map((name) => [name, before[name]])));
          return 'The room is set as before.';
        };
        return { done: 'The room is set.', undo };
      }),
    /** The shield: up for as long as is usual, or down. */
    raise: (isUp: boolean) =>
      run('shield', async () => {
        shield.value = (await moderationApi.setShield(channelId, { on: isUp })).shield;
        const undo = async () => {
          shield.value = (await moderationApi.setShield(channelId, { on: !isUp })).shield;
          return isUp ? 'The shield is down.' : 'The shield is up.';
        };
        return { done: isUp ? 'The shield is up in every room of the channel.' : 'The shield is down.', undo };
      }),
  };
}

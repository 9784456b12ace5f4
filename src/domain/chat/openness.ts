// Is the room open? By the state of the stream and its owner's choice.
import type { StreamState } from '../../protocol/api.ts';
import type { RoomSettings } from '../../protocol/chat/settings.ts';
import type { Role } from '../access.ts';
import type { RoomRefusal } from './refusal.ts';
import { isStaff } from './speaker.ts';

interface Occasion {
  streamState: StreamState;
  settings: Pick<RoomSettings, 'beforeLive' | 'afterLive'>;
}

export function isOpen({ streamState, settings }: Occasion): boolean {
  if (streamState === 'waiting') return settings.beforeLive === 'open';
  if (streamState === 'ended') return settings.afterLive === 'open';
  return true;
}

/** Staff prepare a room before the stream; after it nobody is let in any more. */
export function closedTo(roles: readonly Role[], occasion: Occasion): RoomRefusal | null {
  if (isOpen(occasion)) return null;
  if (occasion.streamState === 'ended')
    return { code: 'room_closed', detail: 'The stream has ended, and its room is closed. What was said can be read.' };
  if (isStaff(roles)) return null;
  return { code: 'room_closed', detail: 'The room opens when the stream goes live. Come back then.' };
}

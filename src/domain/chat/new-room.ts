// How a room begins.
import type { StreamState } from '../../protocol/api.ts';
import { DEFAULT_SETTINGS } from '../../protocol/chat/settings.ts';
import type { StreamId } from '../../protocol/ids.ts';
import type { RoomMemory } from './inputs.ts';

export const newRoom = (streamId: StreamId, streamState: StreamState): RoomMemory => ({
  streamId,
  settings: DEFAULT_SETTINGS,
  streamState,
  automaticSlowSeconds: 0,
  shield: null,
  judge: 'off',
  pinned: null,
});

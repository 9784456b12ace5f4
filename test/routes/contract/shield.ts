// The contract of the shield of a channel.
import { STANDARD_SHIELD } from '../../../src/protocol/shield.ts';
import type { Contract, Scene } from './table.ts';

const of = ({ stream }: Scene): string => `/api/v1/channels/${stream.channelId}/shield`;
const trips = { joinsPerMinute: 200, messagesPerSecond: null, deniedPerMinute: 30 };

export const shield: Contract = {
  'get /api/v1/channels/{id}/shield': { good: (scene) => ({ path: of(scene), as: scene.owner }) },
  'put /api/v1/channels/{id}/shield': {
    good: (scene) => ({ path: of(scene), as: scene.owner, body: { mode: STANDARD_SHIELD, trips, on: true } }),
  },
  'delete /api/v1/channels/{id}/shield': { good: (scene) => ({ path: of(scene), as: scene.owner }) },
};

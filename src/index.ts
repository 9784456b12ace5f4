// The Worker: requests, messages and the clock come in here, and the classes of its Durable Objects are found here.
import { app } from './app.ts';
import { chainWaiting } from './jobs/audit.ts';
import { deleteErasedMedia } from './jobs/erased-media.ts';
import { keepOAuthHouse } from './jobs/oauth-housekeeping.ts';
import { forgetOldRecords } from './jobs/old-records.ts';
import { consume } from './jobs/queues.ts';
import { tellWebhooks } from './jobs/webhooks.ts';

export { Fleet } from '../durable-objects/fleet.ts';
export { LiveOrigin } from '../durable-objects/live-origin.ts';
export { LiveRoom } from '../durable-objects/live-room.ts';
export { RoomHub } from '../durable-objects/room-hub.ts';
export { RoomShard } from '../durable-objects/room-shard.ts';

export default {
  fetch: app.fetch,
  queue: consume,
  scheduled: async ({ scheduledTime }, env) => {
    await Promise.all([
      chainWaiting(env),
      deleteErasedMedia(env, scheduledTime),
      keepOAuthHouse(env, scheduledTime),
      forgetOldRecords(env, scheduledTime),
      tellWebhooks(env, []),
    ]);
  },
} satisfies ExportedHandler<Env>;

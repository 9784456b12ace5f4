// The Worker: requests come in here, and the classes of its Durable Objects are found here.
import { app } from './app.ts';

export { Fleet } from '../durable-objects/fleet.ts';
export { LiveOrigin } from '../durable-objects/live-origin.ts';

export default { fetch: app.fetch } satisfies ExportedHandler<Env>;

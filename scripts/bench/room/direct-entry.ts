// The Worker with a second way in for load: a named entrypoint, which a direct socket of Miniflare leads to, past its router.
// It stands here and not in src/index.ts, so that nothing of it is deployed.
import { WorkerEntrypoint } from 'cloudflare:workers';
import worker from '../../../src/index.ts';

export * from '../../../src/index.ts';

export class Direct extends WorkerEntrypoint<Env> {
  override fetch(request: Request): Response | Promise<Response> {
    return worker.fetch(request, this.env, this.ctx);
  }
}

export default worker;

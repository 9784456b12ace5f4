// Ends all that is on of some accounts, when they are no more: players finish, encoders are let go.
import type { AuditEntry } from '../protocol/audit.ts';
import type { StreamId, UserId } from '../protocol/ids.ts';
import { listOpenStreams } from '../storage/erasure.ts';
import { recordStreamState } from '../storage/streams.ts';
import { originConfigOf, originOf } from './objects.ts';

/** `traceOf`: what the log will say of the end of a stream, which its origin tells. */
export async function endOpenStreams(
  env: Env,
  ownerIds: readonly UserId[],
  traceOf: (streamId: StreamId) => AuditEntry,
): Promise<void> {
  for (const stream of await listOpenStreams(env.DB, ownerIds)) {
    await originOf(env, stream.id).end({ config: originConfigOf(stream), trace: traceOf(stream.id) });
    await recordStreamState(env.DB, { streamId: stream.id, state: 'ended', atMs: Date.now() });
  }
}

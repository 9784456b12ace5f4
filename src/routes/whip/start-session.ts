// A new WHIP session: leave to publish, a node with room, and that node's answer, all before the encoder gives up.
import type { WhipSession } from '../../../durable-objects/fleet.ts';
import { FootlightError } from '../../protocol/errors.ts';
import type { NodeId } from '../../protocol/ids.ts';
import { WhipAnswer } from '../../protocol/ingest.ts';
import { grantPublish, mintSessionId, type OpenedChannel } from '../admission.ts';
import { fleetOf } from '../objects.ts';
import { askNode, askNodeFor } from './node-relay.ts';

/** OBS gives a POST 8 s in all (WHIP.md, c); a second is left for the way there and back. */
const TOTAL_PATIENCE_MS = 7000;
/** A node that is silent this long leaves the next one a fair chance. */
const NODE_PATIENCE_MS = 4000;
/** The first choice, and one more after its refusal. */
const MAX_NODES_TRIED = 2;
const RETRY_AFTER_SECONDS = 5;

export async function startSession(
  env: Env,
  {
    channel,
    keyHash,
    offer,
    region,
    waitUntil,
  }: OpenedChannel & { offer: string; region: string | null; waitUntil: (work: Promise<unknown>) => void },
): Promise<{ session: WhipSession; answer: string; etag: string }> {
  const deadlineMs = Date.now() + TOTAL_PATIENCE_MS;
  const sessionId = mintSessionId();
  const tried: NodeId[] = [];
  let refusal = nobodyHasRoom();
  while (tried.length < MAX_NODES_TRIED && deadlineMs > Date.now()) {
    const node = await fleetOf(env).place(region, tried);
    if (!node) break;
    tried.push(node.nodeId);
    const grant = await grantPublish(env, { channel, sessionId, nodeId: node.nodeId, protocol: 'whip' });
    try {
      const { answer, etag } = await askNodeFor(env, node.controlUrl, {
        method: 'POST',
        path: '/whip/sessions',
        body: { grant, offer },
        schema: WhipAnswer,
        patienceMs: Math.min(NODE_PATIENCE_MS, deadlineMs - Date.now()),
      });
      const session = { ...node, sessionId, channelId: channel.id, keyHash };
      await fleetOf(env).keepWhipSession(session);
      return { session, answer, etag };
    } catch (error) {
      // Another node would judge the offer the same way; only a lack of room is worth a second try.
      if (!(error instanceof FootlightError) || error.status < 500) throw error;
      refusal = error;
      // A node that was only slow may still open the session, under the id that the next node is given.
      const path = `/whip/sessions/${sessionId}`;
      waitUntil(askNode(env, node.controlUrl, { method: 'DELETE', path }).catch(() => null));
    }
  }
  throw refusal.code === 'no_capacity' ? nobodyHasRoom(refusal.message) : refusal;
}

const nobodyHasRoom = (detail = 'Every transcoder is full or away. Try again in a few seconds.') =>
  new FootlightError('no_capacity', detail, { retryAfterSeconds: RETRY_AFTER_SECONDS });

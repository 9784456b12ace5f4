// Somebody in a room by a socket, as the tests of the doors use it.
import { exports } from 'cloudflare:workers';
import type { CreatedStream } from '../../src/protocol/api.ts';
import type { RoomTicket } from '../../src/protocol/chat.ts';
import { RoomClient } from '../durable-objects/room-guest.ts';
import { type Person, send } from './contract/table.ts';
import { BASE } from './support.ts';

const { default: worker } = exports as unknown as { default: Fetcher };

/** `network`: the address that they come by. */
export async function comeInAs(who: Person, { id }: CreatedStream, network?: string): Promise<RoomClient> {
  const headers: Record<string, string> = network === undefined ? {} : { 'CF-Connecting-IP': network };
  const ticket = await send({ method: 'post', path: `/api/v1/streams/${id}/room/tickets`, as: who, headers });
  const { socketUrl } = await ticket.json<RoomTicket>();
  const url = BASE + socketUrl.replace(/^ws:\/\/[^/]+/, '');
  const { webSocket } = await worker.fetch(new Request(url, { headers: { Upgrade: 'websocket' } }));
  return new RoomClient(webSocket!);
}

export const line = (clientId: string, text: string) => ({ kind: 'send', clientId, text });

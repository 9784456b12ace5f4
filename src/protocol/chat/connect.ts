// How a client comes into a room: a ticket by REST, then one WebSocket.
import { z } from 'zod';
import type { StreamId } from '../ids.ts';

export { ROOM_VERSION } from './socket.ts';

/** The address of a room's socket, without the base. */
export const roomPath = (id: StreamId): string => `/api/v1/streams/${id}/room`;

/** The query of the upgrade. Neither a ticket nor a token: one only reads. */
export const RoomQuery = z.object({
  v: z.string().optional(),
  ticket: z.string().max(100).optional(),
  /** The `resumeToken` of the last hello. */
  resume: z.string().max(100).optional(),
  /** The number of the last event that was seen: the hello has what came after it. */
  after: z.coerce.number().int().min(0).optional(),
});
export type RoomQuery = z.infer<typeof RoomQuery>;

/** `POST /api/v1/streams/{id}/room/tickets`. */
export const RoomTicket = z.object({
  ticket: z.string().describe('Once, as ?ticket=..'),
  expiresAt: z.iso.datetime(),
  maySend: z.boolean().describe('false: it only lets one read'),
  socketUrl: z.string().describe('Where to connect, with the ticket'),
});
export type RoomTicket = z.infer<typeof RoomTicket>;

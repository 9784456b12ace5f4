// What a client says on the socket of a room: JSON as text. Fields that we do not know are let pass.
import { z } from 'zod';
import { MessageId } from '../ids.ts';
import { ClientId, MediaTimeMs } from './message.ts';
import { reactFrame } from './reactions.ts';
import { ROOM_VERSION } from './socket.ts';
import { MessageText } from './text.ts';

export { PING, PONG } from './socket.ts';

/** May be said in every frame; the address of the socket has said it already. */
const v = z.literal(ROOM_VERSION).optional();

export const ClientFrame = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('send'),
    v,
    clientId: ClientId,
    text: MessageText,
    replyTo: MessageId.optional(),
    mediaTimeMs: MediaTimeMs.optional(),
  }),
  z.looseObject({ kind: z.literal('delete'), v, messageId: MessageId }),
  /** Taps since the last one, of the picture that is seen. */
  z.looseObject({ kind: z.literal('react'), v, ...reactFrame }),
  /** Asks for what came after `afterSeq`, once more. */
  z.looseObject({ kind: z.literal('resume'), v, afterSeq: z.number().int().min(0) }),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

export const CLIENT_KINDS: readonly string[] = ClientFrame.options.map((frame) => frame.shape.kind.value);

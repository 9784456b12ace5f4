// What goes into the client of a room, and what it wants done.

import type { Message } from '../../protocol/chat/message.ts';
import type { ReactionCounts } from '../../protocol/chat/reactions.ts';
import type { ServerFrame } from '../../protocol/chat/server-frames.ts';
import type { MessageId } from '../../protocol/ids.ts';

export interface Saying {
  clientId: string;
  text: string;
  replyTo: Message | null;
  mediaTimeMs: number | null;
}

export type ClientInput =
  /** Begin, or begin again: it is known who sits here. */
  | { kind: 'start'; isSignedIn: boolean }
  | { kind: 'ticket'; ticket: string }
  | { kind: 'noTicket'; status: number; retryAfterSeconds: number | null }
  | { kind: 'frame'; frame: ServerFrame }
  /** Something came that says nothing: the socket lives. */
  | { kind: 'heard' }
  | { kind: 'closed'; reason: string }
  /** `alarmAtMs` has come. */
  | { kind: 'alarm' }
  /** The browser says that its line has changed. */
  | { kind: 'network'; isOnline: boolean }
  | { kind: 'say'; saying: Saying }
  | { kind: 'remove'; messageId: MessageId }
  /** It was removed by REST, where the room says nothing any more. */
  | { kind: 'gone'; messageId: MessageId }
  /** Taps of whoever sits here, gathered. */
  | { kind: 'react'; counts: ReactionCounts; mediaTimeMs: number | null }
  | { kind: 'forgetRefusal' };

export type ClientOutput =
  | { kind: 'askTicket' }
  | { kind: 'askSession' }
  /** In place of the one that is open. */
  | { kind: 'openSocket'; query: Record<string, string> }
  | { kind: 'closeSocket' }
  | { kind: 'sendText'; text: string }
  /** Longer than a frame may be: by REST, which answers with the same words. */
  | { kind: 'post'; saying: Saying };

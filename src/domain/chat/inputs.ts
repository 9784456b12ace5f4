// What a room is asked, and what comes of it.
import type { StreamState } from '../../protocol/api.ts';
import type { Facts, Interaction } from '../../protocol/audit.ts';
import type { Closing } from '../../protocol/chat/closing.ts';
import type { DeniedLine } from '../../protocol/chat/desk.ts';
import type { RoomEvent } from '../../protocol/chat/events.ts';
import type { HeldDecision, HeldLine } from '../../protocol/chat/held.ts';
import type { Message, ReplyTo } from '../../protocol/chat/message.ts';
import type { Accepted } from '../../protocol/chat/server-frames.ts';
import type { RoomSettings, UpdateRoom } from '../../protocol/chat/settings.ts';
import type { MessageId, StreamId, UserId } from '../../protocol/ids.ts';
import type { JudgeState } from '../../protocol/shield-state.ts';
import type { Role } from '../access.ts';
import type { ModelFallback } from './moderation/model-slot.ts';
import type { Verdict } from './moderation/verdict.ts';
import type { RoomRefusal } from './refusal.ts';
import type { Restraint } from './restraint.ts';
import type { RaisedShield } from './shield.ts';
import type { Named, Speaker } from './speaker.ts';

/** What outlives the memory of the object, beside the events. */
export interface RoomMemory {
  streamId: StreamId;
  settings: RoomSettings;
  streamState: StreamState;
  automaticSlowSeconds: number;
  /** The channel's, as far as the room has heard; null: it is down. */
  shield: RaisedShield | null;
  judge: JudgeState;
  pinned: Message | null;
}

/** What was looked up in the room's own log for a message that somebody wants to say. */
export interface SendFacts {
  /** For the message, if it is taken. */
  newId: MessageId;
  /** The same author has said it under the same client id. */
  earlier: { seq: number; id: MessageId } | null;
  /** What it answers; null: it answers nothing, or what it answers is gone. */
  replyTo: ReplyTo | null;
  /** Only its author has heard what is answered. */
  isReplyUnheard?: boolean;
  lastSentAtMs: number | null;
  wasSaidBefore: boolean;
  /** Messages of the author that the room has taken and knows, up to ENOUGH_LINES. */
  linesBefore: number;
  /** The same author's line under the same client id was held; null: none was. */
  heldEarlier: HeldState | null;
  /** Lines that wait: of everybody, those that this author knows of, and those that they do not know of. */
  waiting: { all: number; own: number; shadowed: number };
  /** What stands against the author now; null: nothing. */
  restraint: Restraint | null;
  /** The ban of somebody else that reaches the author; null or missing: none does. */
  byNetwork?: Restraint | null;
  /** Whether a model can be asked now, and what holds where it cannot; missing: there is none. */
  model?: { state: 'ask' | 'down'; fallback: ModelFallback };
}

/** A line that was held: waiting, or with what became of it. */
export interface HeldState {
  line: HeldLine;
  keys: MessageKeys;
  decision: HeldDecision | null;
  /** Its author sees it as if it had been said. */
  isShadow: boolean;
}

/** A message that somebody wants removed; its author's roles as they are now. */
export interface RemoveTarget {
  authorId: UserId | null;
  roles: readonly Role[];
  /** Nobody but its author sees it; `waiting`: its line in the queue, where it still is. */
  unheard?: { waiting: HeldState | null };
}

export interface SendAsk {
  clientId: string;
  text: string;
  replyTo?: MessageId | undefined;
  mediaTimeMs?: number | undefined;
}

export type RoomInput =
  | { type: 'send'; speaker: Speaker; ask: SendAsk; facts: SendFacts }
  /** `target` null: there is no such message. */
  | { type: 'remove'; speaker: Speaker; messageId: MessageId; target: RemoveTarget | null }
  /** What was doubted, with the verdict once a model was asked; facts as they are now. */
  | { type: 'opinion'; speaker: Speaker; ask: SendAsk; facts: SendFacts; verdict: Verdict }
  /** The shield has gone up or down, or the model has begun or ceased to answer. */
  | { type: 'guarded'; guard: Partial<Pick<RoomMemory, 'shield' | 'judge'>>; trace: RoomTrace | null }
  // These three were allowed at their door.
  | { type: 'change'; change: UpdateRoom }
  | { type: 'pin'; message: Message | null }
  | { type: 'announce'; speaker: Speaker; text: string; mediaTimeMs?: number | undefined }
  /** `held` null: there is no such line. */
  | { type: 'decide'; speaker: Speaker; held: HeldState | null; decision: 'approved' | 'denied'; reason: string | null }
  /** Somebody was banned: what of theirs goes with it. */
  | { type: 'banned'; by: Named; userId: UserId; messageIds: MessageId[]; waiting: HeldState[] }
  /** Nobody has decided in time. */
  | { type: 'hold_expired'; held: HeldState }
  | { type: 'stream_changed'; state: StreamState }
  | { type: 'time_passed' };

/** How a message is found again; never sent. */
export interface MessageKeys {
  authorId: UserId;
  clientId: string;
  /** By what two messages count as the same. */
  sameness: string;
}

/** The part of an audit entry that the room knows. */
export type RoomTrace = Pick<Interaction, 'action' | 'target' | 'reason'> & { before?: Facts; after?: Facts };

/** Carried out in order: what is kept is stored before anything is sent. */
export type RoomOutput =
  | {
      type: 'toEverybody';
      event: RoomEvent;
      keys: MessageKeys | null;
      trace: RoomTrace | null;
      /** They have been told it before, alone. */
      notFor?: UserId;
    }
  /** Numbered like the others, and told to one person alone, who cannot tell the difference. */
  | { type: 'toAuthor'; authorId: UserId; event: RoomEvent; keys: MessageKeys | null; trace: RoomTrace | null }
  /** The line is kept, and moderators are told. */
  | { type: 'hold'; held: HeldState; trace: RoomTrace }
  /** The line is decided: moderators are told, and its author unless everybody sees it now. */
  | { type: 'decided'; held: HeldState; decision: HeldDecision; refusal: RoomRefusal | null; trace: RoomTrace | null }
  /** A model is to be asked about it before anybody is told anything: `opinion` brings the answer. */
  | { type: 'doubt'; verdict: Verdict }
  | { type: 'toAsker'; frame: Accepted }
  /** `denied`: what a judge let nobody see, with its trace; moderators are told. */
  | {
      type: 'refuse';
      refusal: RoomRefusal;
      clientId: string | null;
      denied?: { line: Omit<DeniedLine, 'at'>; trace: RoomTrace };
    }
  /** `memory` has changed. */
  | { type: 'remember' }
  | { type: 'closeEverybody'; closing: Closing };

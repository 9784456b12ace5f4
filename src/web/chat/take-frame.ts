// What a frame of the room makes of what is known of it. Pure.
import type { Hello, Refused, ServerFrame } from '../../protocol/chat/server-frames.ts';
import type { RoomState } from './state.ts';
import { beginAnew, takeEvents } from './take-events.ts';

export function takeFrame(state: RoomState, frame: ServerFrame, nowMs: number): RoomState {
  switch (frame.kind) {
    case 'hello':
      return greeted(state, frame);
    case 'batch':
      return takeEvents(state, frame.events);
    case 'resumed':
      return (frame.isComplete ? takeEvents : beginAnew)(state, frame.events);
    case 'accepted':
      return { ...state, pending: without(frame.clientId, state) };
    case 'refused':
      return refused(state, frame, nowMs);
    case 'hidden':
      return { ...state, hidden: frame.userIds };
    case 'tally':
      return { ...state, tally: frame.tally };
    case 'message':
    case 'removed':
    case 'cleared':
    case 'modes':
    case 'pin':
    case 'announcement':
      return takeEvents(state, [frame]);
    default:
      // `bye` says what the close says again; and kinds that this page does not know are let pass.
      return state;
  }
}

function greeted(state: RoomState, { room: { pinned, ...room }, you, limits, ...hello }: Hello): RoomState {
  const known = { ...state, link: { kind: 'open' } as const, you };
  const told = (hello.isComplete ? takeEvents : beginAnew)(known, hello.backlog);
  return {
    ...told,
    // The backlog tells how it came to this; the hello says how it is.
    room,
    pinned,
    hidden: hello.hidden ?? [],
    tally: hello.tally,
    seq: Math.max(told.seq, hello.seq),
    charactersMax: limits.messageCharacters,
    frameBytesMax: limits.frameBytes,
    pending: you?.maySend ? told.pending : [],
  };
}

function refused(state: RoomState, frame: Refused, nowMs: number): RoomState {
  const { clientId, code, detail, retryAfterSeconds, appealAt = null } = frame;
  const said = state.pending.find((pending) => pending.clientId === clientId);
  const untilMs = retryAfterSeconds === undefined ? null : nowMs + retryAfterSeconds * 1000;
  // What waits for a moderator has been said: given back, it would be said twice.
  const isGivenBack = code !== 'message_held';
  return {
    ...state,
    pending: without(clientId, state),
    refusal: {
      ...{ code, detail, untilMs, appealAt },
      text: (isGivenBack && said?.text) || null,
      replyTo: said?.replyTo ?? null,
    },
  };
}

const without = (clientId: string | null, { pending }: RoomState) =>
  pending.filter((said) => said.clientId !== clientId);

// The client of a room, without its socket: inputs and the time go in, what is to be done comes out, and `state` says how it stands.
import { type Closing, FINAL_CLOSINGS, type RetryWindow, readCloseReason } from '../../protocol/chat/closing.ts';
import type { ServerFrame } from '../../protocol/chat/server-frames.ts';
import { PING, ROOM_VERSION } from '../../protocol/chat/socket.ts';
import type { ClientInput, ClientOutput, Saying } from './client-words.ts';
import { comeBackDelayMs } from './come-back.ts';
import { EMPTY_ROOM, type Link, PENDING_MAX, type RoomState } from './state.ts';
import { withoutMessages } from './take-events.ts';
import { takeFrame } from './take-frame.ts';

const HELLO_LIMIT_MS = 15_000;
/** Silence after which the socket is asked whether it lives, and how long it may take to say so. */
const PING_AFTER_MS = 20_000;
const PONG_LIMIT_MS = 10_000;
/** After the browser said that its line has changed. */
const PROOF_LIMIT_MS = 3_000;
/** A connection that held for this long wipes out the failures before it. */
const STEADY_MS = 10_000;
/** Shorter than the room's own limit: the client counts from when it noticed. */
const RESUME_LIMIT_MS = 290_000;

type Phase =
  | { kind: 'idle' }
  /** A ticket, or who one is, is on the way. */
  | { kind: 'asking' }
  | { kind: 'connecting'; limitMs: number }
  | { kind: 'open'; sinceMs: number; pingAtMs: number; proofByMs: number | null }
  | { kind: 'waiting'; untilMs: number }
  | { kind: 'over' };

export class RoomClient {
  state: RoomState = EMPTY_ROOM;
  #phase: Phase = { kind: 'idle' };
  #isSignedIn = false;
  #mustAskWho = false;
  #resumeToken: string | null = null;
  #cutAtMs = 0;
  #failures = 0;

  /** When it wants an `alarm`; null: not at all. */
  get alarmAtMs(): number | null {
    const phase = this.#phase;
    if (phase.kind === 'waiting') return phase.untilMs;
    if (phase.kind === 'connecting') return phase.limitMs;
    return phase.kind === 'open' ? (phase.proofByMs ?? phase.pingAtMs) : null;
  }

  /** `random`: 0 to 1, fresh each time. */
  receive(input: ClientInput, nowMs: number, random: number): ClientOutput[] {
    switch (input.kind) {
      case 'start':
        return this.#start(input.isSignedIn, nowMs);
      case 'ticket':
        return this.#phase.kind === 'asking' ? this.#open({ ticket: input.ticket }, nowMs) : [];
      case 'noTicket':
        return this.#phase.kind === 'asking' ? this.#noTicket(input, nowMs, random) : [];
      case 'frame':
        this.#heard(nowMs);
        return this.#take(input.frame, nowMs);
      case 'heard':
        this.#heard(nowMs);
        return [];
      case 'closed':
        return this.#closed(readCloseReason(input.reason), nowMs, random);
      case 'alarm':
        return this.#alarm(nowMs, random);
      case 'network':
        return this.#network(input.isOnline, nowMs, random);
      case 'say':
        return this.#say(input.saying);
      case 'remove':
        return this.#isOpen ? [sendText({ kind: 'delete', messageId: input.messageId })] : [];
      case 'gone':
        this.state = withoutMessages(this.state, [input.messageId]);
        return [];
      case 'react':
        return this.#isOpen ? [sendText({ ...input, mediaTimeMs: input.mediaTimeMs ?? undefined })] : [];
      case 'forgetRefusal':
        this.#change({ refusal: null });
        return [];
      default:
        return assertNever(input);
    }
  }

  get #isOpen(): boolean {
    return this.#phase.kind === 'open';
  }

  #change(changes: Partial<RoomState>): void {
    this.state = { ...this.state, ...changes };
  }

  #start(isSignedIn: boolean, nowMs: number): ClientOutput[] {
    const isAnother = isSignedIn !== this.#isSignedIn;
    this.#isSignedIn = isSignedIn;
    if ((this.#isOpen || this.#phase.kind === 'connecting') && !isAnother) return [];
    if (isAnother) this.#resumeToken = null;
    const shut: ClientOutput[] = this.#isOpen || this.#phase.kind === 'connecting' ? [{ kind: 'closeSocket' }] : [];
    return [...shut, ...this.#connect(nowMs)];
  }

  #connect(nowMs: number): ClientOutput[] {
    const resume = this.#resumeToken;
    // Used once, whatever comes of it.
    this.#resumeToken = null;
    if (resume !== null && nowMs - this.#cutAtMs < RESUME_LIMIT_MS) return this.#open({ resume }, nowMs);
    if (!this.#mustAskWho && !this.#isSignedIn) return this.#open({}, nowMs);
    this.#phase = { kind: 'asking' };
    const ask: ClientOutput = { kind: this.#mustAskWho ? 'askSession' : 'askTicket' };
    this.#mustAskWho = false;
    return [ask];
  }

  #open(credential: Record<string, string>, nowMs: number): ClientOutput[] {
    this.#phase = { kind: 'connecting', limitMs: nowMs + HELLO_LIMIT_MS };
    const { seq } = this.state;
    const query = { v: String(ROOM_VERSION), ...credential, ...(seq > 0 && { after: String(seq) }) };
    return [{ kind: 'openSocket', query }];
  }

  #noTicket(
    { status, retryAfterSeconds }: { status: number; retryAfterSeconds: number | null },
    nowMs: number,
    random: number,
  ): ClientOutput[] {
    if (status === 403 || status === 404) {
      this.#end('shut');
      return [];
    }
    // Signed out elsewhere: who sits here is asked anew.
    this.#mustAskWho = status === 401;
    const window =
      retryAfterSeconds === null ? null : { fromMs: retryAfterSeconds * 1000, toMs: retryAfterSeconds * 2000 };
    this.#wait(window, nowMs, random);
    this.#failures += 1;
    return [];
  }

  #heard(nowMs: number): void {
    if (this.#phase.kind === 'open') this.#phase = { ...this.#phase, pingAtMs: nowMs + PING_AFTER_MS, proofByMs: null };
  }

  #take(frame: ServerFrame, nowMs: number): ClientOutput[] {
    this.state = takeFrame(this.state, frame, nowMs);
    if (frame.kind !== 'hello') return [];
    this.#phase = { kind: 'open', sinceMs: nowMs, pingAtMs: nowMs + PING_AFTER_MS, proofByMs: null };
    this.#resumeToken = frame.resumeToken;
    // Under the same names: what was taken before the cut is not said twice.
    return this.state.pending.map((saying) => this.#sending(saying));
  }

  #closed(said: { closing: Closing; retry: RetryWindow | null } | null, nowMs: number, random: number): ClientOutput[] {
    const before = this.#phase;
    if (before.kind !== 'open' && before.kind !== 'connecting') return [];
    if (said && FINAL_CLOSINGS.includes(said.closing)) {
      this.#end(said.closing);
      return [];
    }
    if (before.kind === 'open') this.#cutAtMs = nowMs;
    // The visit is over, unless it goes on elsewhere in the room: whoever comes back comes anew, and may be somebody else.
    if (said && said.closing !== 'moved') this.#resumeToken = null;
    this.#mustAskWho = said?.closing === 'signed_out';
    if (before.kind === 'open' && nowMs - before.sinceMs >= STEADY_MS) this.#failures = 0;
    this.#wait(said?.retry ?? null, nowMs, random);
    this.#failures += 1;
    return [];
  }

  #wait(window: RetryWindow | null, nowMs: number, random: number): void {
    this.#phase = { kind: 'waiting', untilMs: nowMs + comeBackDelayMs(this.#failures, window, random) };
    this.#change({ link: { kind: 'away' } });
  }

  #end(reason: Extract<Link, { kind: 'over' }>['reason']): void {
    this.#phase = { kind: 'over' };
    this.#change({ link: { kind: 'over', reason }, pending: [] });
  }

  #alarm(nowMs: number, random: number): ClientOutput[] {
    const phase = this.#phase;
    if (this.alarmAtMs === null || nowMs < this.alarmAtMs) return [];
    if (phase.kind === 'waiting') return this.#connect(nowMs);
    if (phase.kind === 'connecting' || (phase.kind === 'open' && phase.proofByMs !== null))
      return [{ kind: 'closeSocket' }, ...this.#closed(null, nowMs, random)];
    return this.#prove(PONG_LIMIT_MS, nowMs);
  }

  #network(isOnline: boolean, nowMs: number, random: number): ClientOutput[] {
    if (this.#isOpen) return this.#prove(PROOF_LIMIT_MS, nowMs);
    // Everybody behind the same line comes back at the same moment.
    if (isOnline && this.#phase.kind === 'waiting') this.#phase = { kind: 'waiting', untilMs: nowMs + random * 1000 };
    return [];
  }

  /** A socket whose line has gone says nothing; it is asked. */
  #prove(limitMs: number, nowMs: number): ClientOutput[] {
    if (this.#phase.kind !== 'open') return [];
    const proofByMs = Math.min(this.#phase.proofByMs ?? Number.POSITIVE_INFINITY, nowMs + limitMs);
    this.#phase = { ...this.#phase, proofByMs };
    return [{ kind: 'sendText', text: PING }];
  }

  #say(saying: Saying): ClientOutput[] {
    const { pending } = this.state;
    if (pending.length >= PENDING_MAX || this.#phase.kind === 'over') {
      const detail = 'The room does not answer at the moment. Wait until the connection is back, then send it again.';
      const { text, replyTo } = saying;
      this.#change({ refusal: { code: null, detail, untilMs: null, appealAt: null, text, replyTo } });
      return [];
    }
    this.#change({ pending: [...pending, { ...saying, state: 'sending' }], refusal: null });
    return this.#isOpen ? [this.#sending(saying)] : [];
  }

  #sending(saying: Saying): ClientOutput {
    const { clientId, text, replyTo, mediaTimeMs } = saying;
    const sent = sendText({
      kind: 'send',
      clientId,
      text,
      replyTo: replyTo?.id,
      mediaTimeMs: mediaTimeMs ?? undefined,
    });
    const isLong = new TextEncoder().encode(sent.text).byteLength > this.state.frameBytesMax;
    return isLong ? { kind: 'post', saying } : sent;
  }
}

const sendText = (frame: object) => ({ kind: 'sendText', text: JSON.stringify(frame) }) as const;

function assertNever(value: never): never {
  throw new Error(`An input that the client of a room does not know: ${JSON.stringify(value)}.`);
}

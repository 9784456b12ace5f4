// What an encoder may say after the handshake and what follows: messages, decisions and time in, a list of effects out.
import { type AmfValue, readAmf0 } from './amf0.ts';
import { readUint32 } from './bytes.ts';
import type { RtmpLimits } from './limits.ts';
import { MESSAGE, type RtmpMessage, USER_CONTROL, userControl } from './messages.ts';
import {
  connectReplies,
  fmleStatus,
  onControl,
  type Reply,
  result,
  type StatusCode,
  status,
  streamBegin,
} from './replies.ts';
import { findStreamKey } from './stream-key.ts';

export type Effect =
  | { type: 'reply'; reply: Reply }
  /** Ask whether this key may publish, stop reading meanwhile, then call `allow` or `refuse`. */
  | { type: 'authorize'; app: string; streamKey: string }
  /** Only between allow() and the end. */
  | { type: 'media'; message: RtmpMessage }
  | { type: 'roundTrip'; ms: number }
  /** Nothing more comes; flush what was sent, then close. `clean`: the encoder said goodbye, and closes itself. */
  | { type: 'end'; clean: boolean; reason: string };

type State =
  | { name: 'connecting' }
  | { name: 'connected'; app: string }
  | { name: 'authorizing'; streamId: number; held: RtmpMessage[]; heldBytes: number }
  | { name: 'publishing'; streamId: number; pingSentMs: number }
  | { name: 'ended' };

const PING_INTERVAL_MS = 5_000;
const MAX_COMMAND_BYTES = 64 * 1024;
/** What a held message costs beside its payload: there may be many without one. */
const HELD_MESSAGE_BYTES = 64;

export class Conversation {
  readonly #limits: RtmpLimits;
  #state: State = { name: 'connecting' };
  /** When the present state must have ended. */
  #deadlineMs: number;
  #streamsCreated = 0;
  /** The encoder speaks as Flash Media Live Encoder does, and waits for its events. */
  #speaksFmle = false;

  constructor(limits: RtmpLimits, nowMs: number) {
    this.#limits = limits;
    this.#deadlineMs = nowMs + limits.publishMs;
  }

  get heldBytes(): number {
    return this.#state.name === 'authorizing' ? this.#state.heldBytes : 0;
  }

  receive(message: RtmpMessage, nowMs: number): Effect[] {
    if (this.#state.name === 'ended') return [];
    if (this.#state.name === 'authorizing') return this.#hold(this.#state, message);
    switch (message.type) {
      case MESSAGE.userControl:
        return this.#receiveUserControl(message.payload, nowMs);
      case MESSAGE.audio:
      case MESSAGE.video:
      case MESSAGE.dataAmf0:
      case MESSAGE.dataAmf3:
        return this.#receiveMedia(message, nowMs);
      case MESSAGE.commandAmf0:
        return this.#receiveCommand(message.payload, message.streamId, nowMs);
      case MESSAGE.commandAmf3:
        // The AMF3 envelope of a command: one byte, then AMF0.
        return this.#receiveCommand(message.payload.subarray(1), message.streamId, nowMs);
      default:
        return [];
    }
  }

  /** The key may publish: says so to the encoder and goes on with what came meanwhile. */
  allow(nowMs: number): Effect[] {
    const state = this.#state;
    if (state.name !== 'authorizing') return [];
    const { streamId, held } = state;
    this.#state = { name: 'publishing', streamId, pingSentMs: nowMs };
    this.#deadlineMs = nowMs + this.#limits.idleMs;
    const effects = [
      reply(streamBegin(streamId)),
      ...(this.#speaksFmle ? [reply(fmleStatus('onFCPublish', 'NetStream.Publish.Start', 'Publishing.'))] : []),
      reply(status(streamId, 'NetStream.Publish.Start', 'You are publishing.')),
    ];
    for (const message of held) effects.push(...this.receive(message, nowMs));
    return effects;
  }

  /** The key may not publish; or, while publishing, the media cannot be used. */
  refuse(description: string): Effect[] {
    const state = this.#state;
    if (state.name === 'authorizing')
      return this.#refusePublish(state.streamId, 'NetStream.Publish.BadName', description);
    if (state.name === 'publishing')
      return this.#refusePublish(state.streamId, 'NetStream.Publish.Failed', description);
    return [];
  }

  /** Our side lets the encoder go. */
  stop(reason: string): Effect[] {
    if (this.#state.name === 'authorizing') return this.refuse(reason);
    if (this.#state.name !== 'publishing') return this.#end(false, reason);
    return [reply(status(this.#state.streamId, 'NetStream.Unpublish.Success', reason)), ...this.#end(false, reason)];
  }

  /** To be called a few times a second: time limits and pings. */
  tick(nowMs: number): Effect[] {
    if (this.#state.name === 'ended') return [];
    if (nowMs >= this.#deadlineMs) return this.#runOut();
    if (this.#state.name !== 'publishing' || nowMs - this.#state.pingSentMs < PING_INTERVAL_MS) return [];
    this.#state.pingSentMs = nowMs;
    return [reply(onControl(userControl(USER_CONTROL.pingRequest, nowMs % 2 ** 32)))];
  }

  #hold(state: State & { name: 'authorizing' }, message: RtmpMessage): Effect[] {
    state.held.push(message);
    state.heldBytes += message.payload.length + HELD_MESSAGE_BYTES;
    if (state.heldBytes <= this.#limits.maxPendingBytes) return [];
    return this.#end(false, 'the encoder sent too much before its stream key was checked');
  }

  #receiveUserControl(payload: Uint8Array, nowMs: number): Effect[] {
    const event = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
    const value = readUint32(payload, 2);
    if (event === USER_CONTROL.pingRequest) return [reply(onControl(userControl(USER_CONTROL.pingResponse, value)))];
    // The answer carries our clock back; an answer to nothing would give a time that makes no sense.
    const ms = (nowMs % 2 ** 32) - value;
    return event === USER_CONTROL.pingResponse && ms >= 0 && ms < 60_000 ? [{ type: 'roundTrip', ms }] : [];
  }

  #receiveMedia(message: RtmpMessage, nowMs: number): Effect[] {
    if (this.#state.name !== 'publishing') return this.#end(false, 'media came before the publish command');
    this.#deadlineMs = nowMs + this.#limits.idleMs;
    return [{ type: 'media', message }];
  }

  #receiveCommand(payload: Uint8Array, streamId: number, nowMs: number): Effect[] {
    if (payload.length > MAX_COMMAND_BYTES) return this.#end(false, 'a command is too long');
    const amf = readAmf0(payload);
    if (!amf.ok) return this.#end(false, `a command cannot be read: ${amf.reason}`);
    const [name, transaction, ...rest] = amf.values;
    if (typeof name !== 'string') return this.#end(false, 'a command has no name');
    return this.#obey(name, typeof transaction === 'number' ? transaction : 0, rest, streamId, nowMs);
  }

  #obey(name: string, transaction: number, rest: AmfValue[], streamId: number, nowMs: number): Effect[] {
    if (name === 'connect') return this.#connect(transaction, rest[0]);
    if (this.#state.name === 'connecting') return this.#end(false, 'the first command was not connect');
    switch (name) {
      case 'releaseStream':
        return [reply(result(transaction, null, undefined))];
      case 'FCPublish':
        this.#speaksFmle = true;
        return [reply(result(transaction, null, undefined))];
      case 'createStream':
        this.#streamsCreated += 1;
        return [reply(result(transaction, null, this.#streamsCreated))];
      case 'publish':
        return this.#publish(rest[1], streamId, nowMs);
      case 'play':
        return this.#refusePlay(streamId);
      case 'FCUnpublish':
      case 'deleteStream':
      case 'closeStream':
        return this.#unpublish();
      default:
        return []; // getStreamLength, _checkbw and the like need no answer to publish
    }
  }

  #connect(transaction: number, request: AmfValue): Effect[] {
    if (this.#state.name !== 'connecting') return this.#end(false, 'the encoder connected twice');
    const app = request instanceof Map ? request.get('app') : undefined;
    if (!(request instanceof Map) || typeof app !== 'string') {
      const description = 'The connect command names no application. Use an address like rtmp://host/live.';
      return [reply(status(0, 'NetConnection.Connect.Rejected', description)), ...this.#end(false, description)];
    }
    this.#state = { name: 'connected', app };
    return connectReplies(transaction, request).map(reply);
  }

  #publish(publishName: AmfValue, streamId: number, nowMs: number): Effect[] {
    if (this.#state.name !== 'connected') return this.#end(false, 'the encoder published twice');
    const { app } = this.#state;
    const streamKey = findStreamKey(app, typeof publishName === 'string' ? publishName : '');
    if (streamKey === null) {
      const description = 'There is no usable stream key. Copy it from your studio into the key field of your encoder.';
      return this.#refusePublish(streamId, 'NetStream.Publish.BadName', description);
    }
    this.#state = { name: 'authorizing', streamId, held: [], heldBytes: 0 };
    this.#deadlineMs = nowMs + this.#limits.authorizeMs;
    return [{ type: 'authorize', app, streamKey }];
  }

  #unpublish(): Effect[] {
    if (this.#state.name !== 'publishing') return [];
    const description = 'The stream was closed by the encoder.';
    const success = 'NetStream.Unpublish.Success';
    return [
      ...(this.#speaksFmle ? [reply(fmleStatus('onFCUnpublish', success, description))] : []),
      reply(status(this.#state.streamId, success, description)),
      ...this.#end(true, 'the encoder stopped'),
    ];
  }

  #refusePlay(streamId: number): Effect[] {
    const description = 'This server takes streams, it does not play them.';
    return [
      reply(status(streamId, 'NetStream.Play.StreamNotFound', description)),
      ...this.#end(false, 'a player came to the door for encoders'),
    ];
  }

  #refusePublish(streamId: number, code: StatusCode, description: string): Effect[] {
    return [reply(status(streamId, code, description)), ...this.#end(false, description)];
  }

  #runOut(): Effect[] {
    const state = this.#state;
    if (state.name === 'publishing') return this.#end(false, 'the encoder sent no media for too long');
    if (state.name !== 'authorizing') return this.#end(false, 'the encoder did not publish in time');
    return this.refuse('The stream key could not be checked in time: the service is busy. Try again in a moment.');
  }

  #end(clean: boolean, reason: string): Effect[] {
    this.#state = { name: 'ended' };
    return [{ type: 'end', clean, reason }];
  }
}

const reply = (content: Reply): Effect => ({ type: 'reply', reply: content });

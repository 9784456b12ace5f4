// One RTMP connection without its socket: handshake, chunks and acknowledgements around a conversation.
import { readUint32 } from './bytes.ts';
import { ChunkReader } from './chunk-reader.ts';
import { writeMessage } from './chunk-writer.ts';
import { Conversation, type Effect } from './conversation.ts';
import { Handshake } from './handshake.ts';
import type { RtmpLimits } from './limits.ts';
import { acknowledgement, MESSAGE, type RtmpMessage } from './messages.ts';
import { onControl, SENT_CHUNK_SIZE, WINDOW_BYTES } from './replies.ts';

export type SessionEffect = Exclude<Effect, { type: 'reply' }> | { type: 'send'; bytes: Uint8Array };

export interface SessionOptions {
  limits: RtmpLimits;
  random: (count: number) => Uint8Array;
  nowMs: number;
}

/** A window of a few bytes would have us answer each packet. */
const MIN_WINDOW_BYTES = 64 * 1024;

export class RtmpSession {
  readonly #limits: RtmpLimits;
  readonly #handshake: Handshake;
  readonly #handshakeDeadlineMs: number;
  readonly #chunks: ChunkReader;
  /** Null until the handshake is done. */
  #conversation: Conversation | null = null;
  #hasEnded = false;
  #bytesReceived = 0;
  #bytesAcknowledged = 0;
  #windowBytes = WINDOW_BYTES;

  constructor({ limits, random, nowMs }: SessionOptions) {
    this.#limits = limits;
    this.#handshake = new Handshake(random);
    this.#handshakeDeadlineMs = nowMs + limits.handshakeMs;
    this.#chunks = new ChunkReader(limits);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get bytesReceived(): number {
    return this.#bytesReceived;
  }

  get bufferedBytes(): number {
    return this.#chunks.bufferedBytes + (this.#conversation?.heldBytes ?? 0);
  }

  receive(bytes: Uint8Array, nowMs: number): SessionEffect[] {
    if (this.#hasEnded) return [];
    this.#bytesReceived += bytes.length;
    return this.#conversation ? this.#readChunks(this.#conversation, bytes, nowMs) : this.#shakeHands(bytes, nowMs);
  }

  /** See Conversation. */
  allow = (nowMs: number): SessionEffect[] => this.#deliver(this.#conversation?.allow(nowMs) ?? []);
  refuse = (description: string): SessionEffect[] => this.#deliver(this.#conversation?.refuse(description) ?? []);

  stop(reason: string): SessionEffect[] {
    return this.#deliver(this.#conversation?.stop(reason) ?? end(reason));
  }

  tick(nowMs: number): SessionEffect[] {
    if (this.#conversation) return this.#deliver(this.#conversation.tick(nowMs));
    return nowMs >= this.#handshakeDeadlineMs ? this.#deliver(end('the handshake took too long')) : [];
  }

  #shakeHands(bytes: Uint8Array, nowMs: number): SessionEffect[] {
    const step = this.#handshake.receive(bytes);
    if (step.type === 'refused') return this.#deliver(end(step.reason));
    const effects: SessionEffect[] = step.send ? [{ type: 'send', bytes: step.send }] : [];
    if (step.type === 'more') return effects;
    this.#conversation = new Conversation(this.#limits, nowMs);
    return [...effects, ...this.#readChunks(this.#conversation, step.rest, nowMs)];
  }

  #readChunks(conversation: Conversation, bytes: Uint8Array, nowMs: number): SessionEffect[] {
    const { messages, refusal } = this.#chunks.receive(bytes);
    const effects: Effect[] = [];
    for (const message of messages) {
      if (message.type === MESSAGE.windowAcknowledgementSize) this.#setWindow(message);
      else effects.push(...conversation.receive(message, nowMs));
    }
    if (refusal) effects.push(...end(`${refusal}: this is not RTMP, or it was damaged on the way`));
    if (this.#bytesReceived - this.#bytesAcknowledged >= this.#windowBytes) {
      this.#bytesAcknowledged = this.#bytesReceived;
      effects.push({ type: 'reply', reply: onControl(acknowledgement(this.#bytesReceived)) });
    }
    return this.#deliver(effects);
  }

  #setWindow({ payload }: RtmpMessage): void {
    this.#windowBytes = Math.max(readUint32(payload, 0), MIN_WINDOW_BYTES);
  }

  /** Replies become bytes; nothing passes after the end. */
  #deliver(effects: Effect[]): SessionEffect[] {
    const delivered: SessionEffect[] = [];
    for (const effect of effects) {
      if (this.#hasEnded) break;
      if (effect.type === 'end') this.#hasEnded = true;
      if (effect.type !== 'reply') {
        delivered.push(effect);
        continue;
      }
      const { message, chunkStreamId } = effect.reply;
      delivered.push({ type: 'send', bytes: writeMessage(message, chunkStreamId, SENT_CHUNK_SIZE) });
    }
    return delivered;
  }
}

const end = (reason: string): Effect[] => [{ type: 'end', clean: false, reason }];

// An origin in memory behind a real WebSocket: keeps the publish protocol's promises and records what a player would see.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { FootlightError, toProblem } from '../../src/protocol/errors.ts';
import type { Health } from '../../src/protocol/health.ts';
import { Heartbeat, type OriginFrame, type PublishFrame, type RenditionInfo } from '../../src/protocol/ingest.ts';
import { decodeFrame } from '../../src/protocol/wire.ts';

export interface SeenChunk {
  generation: number;
  rendition: string;
  msn: number;
  part: number;
  durationSeconds: number;
  independent: boolean;
  programDateTimeMs: number | null;
  payload: Uint8Array;
  atMs: number;
}

export class FakeOrigin {
  readonly frames: PublishFrame[] = [];
  readonly chunks: SeenChunk[] = [];
  readonly inits = new Map<string, Uint8Array>();
  readonly begins: { generation: number; firstMsn: number; renditions: RenditionInfo[]; atMs: number }[] = [];
  readonly health: Health[] = [];
  readonly heartbeats: Heartbeat[] = [];
  posters = 0;
  goodbye: string | null = null;
  /** Frames that came although they were there already: allowed, and counted. */
  repeats = 0;
  acknowledges = true;
  isRefusing = false;
  authorization: string | null = null;
  #acknowledgedSeq = 0;
  #sessions = 0;
  readonly #server: Server;
  readonly #sockets = new Set<WebSocket>();
  readonly #seen = new Set<number>();

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    const sockets = new WebSocketServer({ noServer: true });
    this.#server.on('upgrade', (request, socket, head) => {
      this.authorization = request.headers.authorization ?? null;
      if (this.isRefusing) {
        socket.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(request, socket, head, (opened) => this.#welcome(opened));
    });
  }

  /** The rest of the edge: permission for the right key, and the fleet. */
  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = JSON.parse(Buffer.concat(pieces).toString() || '{}') as { streamKey?: string };
    if (request.url === '/api/v1/ingest/heartbeat') {
      this.heartbeats.push(Heartbeat.parse(body));
      response.writeHead(204).end();
    } else if (request.url === '/api/v1/ingest/authorize' && body.streamKey === 'good') {
      this.#sessions += 1;
      const ids = { sessionId: `se_test${this.#sessions}`, streamId: 'st_aaaa', channelId: 'ch_aaaa', latency: 'low' };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(ids));
    } else {
      const problem = toProblem(new FootlightError('invalid_stream_key', 'This stream key is not valid.'));
      response.writeHead(401, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
    }
  }

  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** All connections break, without a word. */
  cut(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  say(frame: OriginFrame): void {
    for (const socket of this.#sockets) socket.send(JSON.stringify(frame));
  }

  /** Parts of one rendition in the order in which they came. */
  partsOf(rendition: string): SeenChunk[] {
    return this.chunks.filter((chunk) => chunk.rendition === rendition);
  }

  #welcome(socket: WebSocket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    socket.on('message', (data) => this.#receive(new Uint8Array(data as Buffer)));
    this.say({
      type: 'welcome',
      nextGeneration: 1,
      nextMsn: 0,
      lastProgramDateTimeMs: null,
      acknowledgedSeq: this.#acknowledgedSeq,
    });
  }

  #receive(bytes: Uint8Array): void {
    const { header, payload } = decodeFrame(bytes);
    if (header.type === 'health') this.health.push(header.health);
    else if (header.type === 'poster') this.posters += 1;
    else this.#store(header, payload);
  }

  #store(header: Exclude<PublishFrame, { type: 'health' | 'poster' }>, payload: Uint8Array): void {
    if (this.#seen.has(header.seq)) this.repeats += 1;
    else {
      if (header.seq !== this.#seen.size + 1) throw new Error(`seq ${header.seq} came after ${this.#seen.size}`);
      this.#seen.add(header.seq);
      this.frames.push(header);
      this.#note(header, payload);
    }
    if (!this.acknowledges) return;
    this.#acknowledgedSeq = Math.max(this.#acknowledgedSeq, header.seq);
    this.say({ type: 'ack', seq: this.#acknowledgedSeq });
  }

  #note(header: PublishFrame, payload: Uint8Array): void {
    const atMs = Date.now();
    if (header.type === 'begin') this.begins.push({ ...header, atMs });
    else if (header.type === 'init') this.inits.set(`${header.generation}/${header.rendition}`, payload.slice());
    else if (header.type === 'goodbye') this.goodbye = header.reason;
    else if (header.type === 'chunk') {
      this.chunks.push({
        ...header,
        programDateTimeMs: header.programDateTimeMs ?? null,
        payload: payload.slice(),
        atMs,
      });
    }
  }
}

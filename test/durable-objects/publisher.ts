// A fake publisher on the real publish socket of one LiveOrigin.
import { env } from 'cloudflare:workers';
import type { ChannelId, NodeId, SessionId, StreamId } from '../../src/protocol/ids.ts';
import { OriginFrame } from '../../src/protocol/ingest.ts';
import type { OriginConfig } from '../../src/protocol/origin.ts';
import { encodeFrame } from '../../src/protocol/wire.ts';
import type { SentFrame } from '../support/broadcast.ts';

let count = 0;

/** A fresh stream of a fresh object. */
export async function openStream(config: Partial<OriginConfig> = {}) {
  count += 1;
  const streamId = `st_test${String(count).padStart(4, '0')}` as StreamId;
  const origin = env.LIVE_ORIGIN.get(env.LIVE_ORIGIN.idFromName(streamId));
  await origin.configure({
    streamId,
    channelId: 'ch_test0001' as ChannelId,
    latency: 'low',
    reconnectWindowSeconds: 60,
    ...config,
  });
  return { streamId, origin };
}

export type Origin = Awaited<ReturnType<typeof openStream>>['origin'];

export async function connect(origin: Origin, sessionId: string, { grant = true } = {}) {
  if (grant) {
    const granted = await origin.grantPublish({
      sessionId: sessionId as SessionId,
      nodeId: 'nd_test0001' as NodeId,
      protocol: 'rtmp',
    });
    if (!granted.ok) throw new Error(`not granted: ${granted.code}`);
  }
  const response = await origin.fetch(`http://origin/publish?stream=x&session=${sessionId}&v=1`, {
    headers: { Upgrade: 'websocket' },
  });
  const socket = response.webSocket;
  if (!socket) throw new Error(`no socket: ${response.status}`);
  return new TestPublisher(socket);
}

export class TestPublisher {
  readonly said: OriginFrame[] = [];
  closed: { code: number; reason: string } | null = null;
  private readonly socket: WebSocket;
  private wake: () => void = () => undefined;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => {
      this.said.push(OriginFrame.parse(JSON.parse(String(data))));
      this.wake();
    });
    socket.addEventListener('close', ({ code, reason }) => {
      this.closed = { code, reason };
      this.wake();
    });
    socket.accept();
  }

  send(...frames: SentFrame[]): void {
    for (const { frame, payload } of frames) this.socket.send(encodeFrame(frame, payload));
  }

  sendRaw(data: string | Uint8Array): void {
    this.socket.send(data);
  }

  close(): void {
    this.socket.close(1000, 'done');
  }

  /** The first word of a type that fits, past or to come. */
  async hears<Type extends OriginFrame['type']>(
    type: Type,
    fits: (frame: Extract<OriginFrame, { type: Type }>) => boolean = () => true,
    limitMs = 3000,
  ): Promise<Extract<OriginFrame, { type: Type }>> {
    const untilMs = Date.now() + limitMs;
    for (;;) {
      const found = this.said.find(
        (frame): frame is Extract<OriginFrame, { type: Type }> =>
          frame.type === type && fits(frame as Extract<OriginFrame, { type: Type }>),
      );
      if (found) return found;
      if (Date.now() > untilMs) throw new Error(`never heard ${type}; heard ${JSON.stringify(this.said.slice(-5))}`);
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        setTimeout(resolve, 50);
      });
    }
  }

  /** Everything up to `seq` is stored. */
  stored(seq: number) {
    return this.hears('ack', (ack) => ack.seq >= seq);
  }
}

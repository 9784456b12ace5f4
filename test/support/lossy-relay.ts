// A UDP path that loses, delays and reorders, from a seed: it stands between a WebRTC publisher and its receiver.
import { createSocket, type Socket } from 'node:dgram';
import { randomFrom } from './random.ts';

export interface Weather {
  seed: number;
  /** Of media packets, each way. 0.05 is 5 %. */
  loss: number;
  /** One way. */
  delayMs: number;
  /** Added at random to each packet: packets overtake each other. */
  jitterMs: number;
}

export interface LossyRelay {
  /** On 127.0.0.1. */
  port: number;
  lost: { upstream: number; downstream: number };
  close(): void;
}

/** Whatever comes in goes to `target`, answers go back to where the last packet came from. Handshakes are not lost. */
export async function startLossyRelay(
  target: { address: string; port: number },
  weather: Weather,
): Promise<LossyRelay> {
  const random = randomFrom(weather.seed);
  const near = await bound('udp4');
  const far = await bound(target.address.includes(':') ? 'udp6' : 'udp4');
  const timers = new Set<NodeJS.Timeout>();
  const lost = { upstream: 0, downstream: 0 };
  let back: { address: string; port: number } | null = null;
  const carry = (way: keyof typeof lost, bytes: Buffer, send: () => void): void => {
    const isMedia = (bytes[0] ?? 0) >= 128 && (bytes[0] ?? 0) <= 191;
    if (isMedia && random() < weather.loss) {
      lost[way] += 1;
      return;
    }
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        send();
      },
      weather.delayMs + random() * weather.jitterMs,
    );
    timers.add(timer);
  };
  near.on('message', (bytes, from) => {
    back = from;
    carry('upstream', bytes, () => far.send(bytes, target.port, target.address));
  });
  far.on('message', (bytes) =>
    carry('downstream', bytes, () => {
      if (back) near.send(bytes, back.port, back.address);
    }),
  );
  return {
    port: near.address().port,
    lost,
    close: () => {
      for (const timer of timers) clearTimeout(timer);
      near.close();
      far.close();
    },
  };
}

function bound(type: 'udp4' | 'udp6'): Promise<Socket> {
  const socket = createSocket(type);
  socket.on('error', () => undefined);
  return new Promise((resolve) => socket.bind(0, type === 'udp4' ? '127.0.0.1' : '::', () => resolve(socket)));
}

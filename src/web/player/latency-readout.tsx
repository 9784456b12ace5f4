// How far behind the lens the picture is, twice a second, in tenths.
import { useEffect, useState } from 'preact/hooks';
import { seconds } from '../words.ts';
import type { PlayerEngine } from './engine.ts';
import { shownLatencySeconds } from './measure.ts';

const TICK_MS = 500;

export function LatencyReadout({ engine, serverNowMs }: { engine: PlayerEngine; serverNowMs: () => number }) {
  const [latency, setLatency] = useState<number | null>(null);
  useEffect(() => {
    const timer = setInterval(() => setLatency(shownLatencySeconds(engine, serverNowMs())), TICK_MS);
    return () => clearInterval(timer);
  }, [engine, serverNowMs]);
  const target = engine.targetSeconds();
  if (latency === null) return null;
  return (
    <span
      class="latency"
      data-testid="latency"
      data-seconds={latency.toFixed(3)}
      title={`From the camera to your screen${target === null ? '' : `; the player holds ${seconds(target)} behind the live edge`}`}
    >
      <span class="visually-hidden">Delay behind the camera: </span>
      {seconds(latency)}
    </span>
  );
}

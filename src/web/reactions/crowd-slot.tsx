// The place of what the audience does together, under the player: empty until the first picture is there.
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { PlayerEngine } from '../player/engine.ts';
import type { ViewerPass } from '../player/viewer-pass.ts';
import './crowd-slot.css';

/** After the first picture, whose first second is the thinnest. */
const REST_MS = 1000;
/** Where no picture comes. */
const LIMIT_MS = 2600;

export interface CrowdProps {
  streamId: string;
  engine: PlayerEngine;
  pass: ViewerPass;
  hasEnded: boolean;
}

interface CrowdSlotProps extends Omit<CrowdProps, 'streamId' | 'engine'> {
  streamId: string | null;
  engine: PlayerEngine | null;
  /** Behind a shut door nothing is counted. */
  isIn: boolean;
}

export function CrowdSlot({ streamId, engine, isIn, ...rest }: CrowdSlotProps) {
  const [loaded, setLoaded] = useState<{ Crowd: ComponentType<CrowdProps> } | null>(null);
  const hasPicture = engine?.picture.value.hasPicture === true;
  useEffect(() => {
    if (loaded) return;
    const load = () =>
      void import('./crowd.tsx').then(
        ({ Crowd }) => setLoaded({ Crowd }),
        // The page works without it, and the next visit tries again.
        () => undefined,
      );
    const timer = setTimeout(load, hasPicture ? REST_MS : LIMIT_MS);
    return () => clearTimeout(timer);
  }, [hasPicture, loaded]);
  return (
    <div class="crowd-slot">
      {loaded && isIn && streamId !== null && engine !== null && (
        <loaded.Crowd streamId={streamId} engine={engine} {...rest} key={streamId} />
      )}
    </div>
  );
}

// Reactions of everybody, flying up beside the picture: bounded, and still for those who asked for less motion.
import { type Signal, signal } from '@preact/signals';
import { REACTIONS, type ReactionName } from '../../protocol/chat/reaction-words.ts';

/** At a time; who reacts beyond them is in the counts. */
const FLYING_MAX = 24;
/** Of one kind and tally. */
const OF_A_KIND_MAX = 5;
const FLIGHT_MS = 2200;

interface Flight {
  id: number;
  kind: ReactionName;
  leftPercent: number;
  delayMs: number;
}

export interface FlyingBursts {
  flights: Signal<readonly Flight[]>;
  rise(taps: Partial<Record<ReactionName, number>>): void;
}

export function startBursts(): FlyingBursts {
  const flights = signal<readonly Flight[]>([]);
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)');
  let ids = 0;
  return {
    flights,
    rise(taps) {
      if (isCalm.matches || document.hidden) return;
      const rising = (Object.entries(taps) as [ReactionName, number][]).flatMap(([kind, count]) =>
        Array.from({ length: Math.min(count, OF_A_KIND_MAX) }, (): Flight => {
          ids += 1;
          return { id: ids, kind, leftPercent: Math.random() * 88, delayMs: Math.random() * 250 };
        }),
      );
      const room = rising.slice(0, Math.max(0, FLYING_MAX - flights.peek().length));
      if (room.length === 0) return;
      flights.value = [...flights.peek(), ...room];
      setTimeout(() => {
        flights.value = flights.peek().filter((flight) => !room.includes(flight));
      }, FLIGHT_MS + 250);
    },
  };
}

export function Bursts({ bursts }: { bursts: FlyingBursts }) {
  return (
    <div class="crowd-bursts" aria-hidden="true" data-testid="bursts">
      {bursts.flights.value.map(({ id, kind, leftPercent, delayMs }) => (
        <span class="crowd-flight" style={{ left: `${leftPercent}%`, animationDelay: `${delayMs}ms` }} key={id}>
          {REACTIONS[kind]}
        </span>
      ))}
    </div>
  );
}

// The one switch of the shield, in the head of the desk: up for an hour, or down; and until when it is up.
import type { ChannelShield } from '../../protocol/shield.ts';
import { Icon } from '../components/icon.tsx';
import { clock } from '../words.ts';
import type { DeskActs } from './desk-acts.ts';

interface ShieldSwitchProps {
  /** Null: down, or not known yet. */
  shield: ChannelShield['shield'];
  acts: DeskActs;
}

export function ShieldSwitch({ shield, acts }: ShieldSwitchProps) {
  const isUp = shield !== null;
  return (
    <button
      type="button"
      class="button button-small desk-shield"
      role="switch"
      aria-checked={isUp}
      disabled={acts.busy.value.includes('shield')}
      onClick={() => void acts.raise(!isUp)}
      title={
        isUp
          ? 'Take the stricter rules off every room of the channel'
          : 'Put the saved stricter rules over every room of the channel, for an hour'
      }
      data-testid="shield-switch"
    >
      <Icon name="shield" />
      {isUp ? `Shield until ${clock(shield.until)}` : 'Shield'}
      {shield?.by === 'itself' && <span class="visually-hidden">, it has gone up by itself</span>}
    </button>
  );
}

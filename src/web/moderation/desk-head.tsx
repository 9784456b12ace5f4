// The head of the desk: which channel, how its stream and the connection are, and the help.
import type { StreamState } from '../../protocol/api.ts';
import type { RoomView } from '../../protocol/chat/settings.ts';
import type { ModeratedChannel } from '../../protocol/moderation.ts';
import { linkWords } from '../chat/room-words.ts';
import type { Link } from '../chat/state.ts';
import { StateBadge } from '../components/state-badge.tsx';
import { viewersWords } from '../reactions/counts-words.ts';
import type { DeskActs } from './desk-acts.ts';
import { JUDGE_WORDS, ROLE_WORDS } from './desk-words.ts';
import { KeyHint } from './key-hint.tsx';
import { ShieldSwitch } from './shield-switch.tsx';

interface DeskHeadProps {
  channel: ModeratedChannel;
  /** Null: there is no stream, and so no room. */
  link: Link | null;
  state: StreamState | null;
  viewers: number;
  /** Of the room; undefined: there is none, and the channel was asked. */
  shield: RoomView['shield'] | undefined;
  judge: RoomView['judge'];
  acts: DeskActs;
  onHelp(): void;
}

export function DeskHead({ channel, link, state, viewers, shield, judge, acts, onHelp }: DeskHeadProps) {
  const words = link === null ? null : linkWords(link);
  const { currentStream } = channel;
  return (
    <header class="desk-head">
      <div class="desk-title">
        <StateBadge state={state ?? 'offline'} />
        <h1>{channel.name}</h1>
        <p class="muted">
          {currentStream && state !== 'ended' && currentStream.title !== channel.name
            ? `${currentStream.title} · `
            : ''}
          {state === 'live' ? `${viewersWords(viewers)} · ` : ''}
          {ROLE_WORDS[channel.role]}
        </p>
      </div>
      {words !== null && state !== 'ended' && (
        <p class="desk-link" role="status" data-testid="desk-link">
          {words}
        </p>
      )}
      {judge === 'down' && (
        <p class="desk-link" role="status" title={JUDGE_WORDS.down} data-testid="judge-down">
          The model is down
        </p>
      )}
      <ShieldSwitch shield={shield === undefined ? acts.shield.value : shield} acts={acts} />
      <a class="button button-small" href={`/watch/${channel.id}`} target="_blank" rel="noopener">
        Watch page
      </a>
      <button type="button" class="button button-small desk-keys-button" onClick={onHelp} data-testid="desk-help">
        Keys <KeyHint of="?" />
      </button>
    </header>
  );
}

// What lies over the picture while there is none to see, or while it stands.
import { Icon } from '../components/icon.tsx';
import { signInPath } from '../routes.ts';
import { countdown } from '../words.ts';
import { PasswordForm } from './password-form.tsx';
import type { WatchPhase } from './watch-phase.ts';

interface PhaseOverlayProps {
  phase: WatchPhase;
  hasPicture: boolean;
  onPassword(password: string): void;
}

export function PhaseOverlay({ phase, hasPicture, onPassword }: PhaseOverlayProps) {
  const text = phaseText(phase);
  return (
    <div
      class="phase"
      data-phase={phase.kind}
      data-still={hasPicture}
      hidden={text === null}
      data-testid="phase"
      role="status"
    >
      {text && (
        <div class="phase-words">
          {phase.kind === 'scheduled' ? (
            <span class="phase-countdown" data-testid="countdown" role="timer">
              {countdown(phase.startsInMs)}
            </span>
          ) : (
            <span class={text.isBusy ? 'phase-lights phase-lights-busy' : 'phase-lights'} aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
          )}
          <strong>{text.title}</strong>
          <span>{text.detail}</span>
          {phase.kind === 'password' && <PasswordForm problem={phase.problem} onPassword={onPassword} />}
          {phase.kind === 'missing' && !phase.isSignedIn && (
            <a class="button button-small phase-action" href={signInPath(location)} data-testid="phase-sign-in">
              Sign in
            </a>
          )}
          {phase.kind === 'ended' && (
            <a class="button button-small phase-action" href="/">
              See what is live <Icon name="arrow" />
            </a>
          )}
        </div>
      )}
    </div>
  );
}

interface PhaseText {
  title: string;
  detail: string;
  isBusy: boolean;
}

function phaseText(phase: WatchPhase): PhaseText | null {
  switch (phase.kind) {
    case 'live':
    case 'playing_out':
      return null;
    case 'loading':
      return { title: 'Opening the stream', detail: '', isBusy: true };
    case 'missing':
      return {
        title: 'There is no such stream',
        detail: phase.isSignedIn
          ? 'Check the link. If the stream is private, you are not invited yet: ask who sent it.'
          : 'Check the link. If you are invited to a private stream, sign in first.',
        isBusy: false,
      };
    case 'password':
      return { title: 'This stream is locked', detail: 'Whoever sent you the link knows the password.', isBusy: false };
    case 'offline':
      return { title: 'Off air', detail: 'Nothing was streamed here yet. This page starts by itself.', isBusy: false };
    case 'scheduled':
      return { title: 'Starts soon', detail: 'Stay here: it begins by itself.', isBusy: false };
    case 'waiting':
      return { title: 'Waiting for the broadcaster', detail: 'Stay here: it begins by itself.', isBusy: true };
    case 'starting':
      return { title: 'Lights going up', detail: 'The first picture is on its way.', isBusy: true };
    case 'interrupted':
      return { title: 'The stream is interrupted', detail: 'Your place is kept; it goes on by itself.', isBusy: true };
    case 'ended':
      return { title: 'The stream has ended', detail: 'Thank you for watching.', isBusy: false };
  }
}

// The desk of one channel: for who moderates it; everybody else is told what to do.
import { useTitle } from '../components/use-title.ts';
import { Desk } from '../moderation/desk-view.tsx';
import { useChannel } from '../moderation/use-channel.ts';
import type { Route } from '../routes.ts';
import { session } from '../session.ts';
import { SignedIn } from '../studio/signed-in.tsx';

export function ModeratePage({ route: { id } }: { route: Extract<Route, { name: 'moderate' }> }) {
  return (
    <SignedIn>
      <Moderate id={id} key={session.value?.user?.id} />
    </SignedIn>
  );
}

function Moderate({ id }: { id: string }) {
  const { channel, problem, refresh } = useChannel(id);
  useTitle('Moderation');
  const isRefused = problem !== null && problem.status >= 400 && problem.status < 500;
  if (channel && !isRefused) return <Desk channel={channel} onChanged={refresh} />;
  if (!problem) return <p class="page-loading desk-loading muted">Opening the channel</p>;
  const { title, words } = refusalOf(problem.status, problem.message);
  return (
    <div class="notice" role="alert" data-testid="moderate-refused">
      <h1>{title}</h1>
      <p class="muted">{words}</p>
      <div class="row notice-row">
        {!isRefused && (
          <button type="button" class="button" onClick={() => void refresh()}>
            Try again
          </button>
        )}
        <a class="button" href="/moderate">
          Channels that you moderate
        </a>
      </div>
    </div>
  );
}

function refusalOf(status: number, words: string): { title: string; words: string } {
  if (status === 403) {
    return {
      title: 'You do not moderate this channel',
      words:
        'Its owner makes you a moderator in the studio, under “Roles on this channel”. It counts at once: load this page again then.',
    };
  }
  if (status === 404) return { title: 'There is no such channel', words };
  return { title: 'This page cannot be opened', words };
}

// An app asks to act for the person: what it is, what it wants, and yes or no.
import { useEffect, useState } from 'preact/hooks';
import type { ConsentQuestion } from '../../protocol/oauth.ts';
import { appsApi } from '../apps-api.ts';
import { Icon } from '../components/icon.tsx';
import { ScopeList } from '../components/scope-list.tsx';
import { useTitle } from '../components/use-title.ts';
import { session } from '../session.ts';
import { SignedIn } from '../studio/signed-in.tsx';
import './consent.css';

export function ConsentPage() {
  useTitle('Allow an app');
  return (
    <SignedIn>
      <Consent asked={new URLSearchParams(location.search).get('request') ?? ''} />
    </SignedIn>
  );
}

function Consent({ asked }: { asked: string }) {
  const [question, setQuestion] = useState<ConsentQuestion | null>(null);
  const [unusable, setUnusable] = useState<string | null>(null);
  useEffect(() => {
    appsApi.question(asked).then(setQuestion, (error: Error) => setUnusable(error.message));
  }, [asked]);
  if (unusable !== null) {
    return (
      <div class="notice" role="alert" data-testid="consent-unusable">
        <h1>This app cannot be allowed</h1>
        <p class="muted">{unusable}</p>
        <a class="button" href="/">
          See what is live
        </a>
      </div>
    );
  }
  if (!question) return <div class="page-loading" />;
  return question.problem === null ? (
    <Question asked={asked} question={question} />
  ) : (
    <WrongQuestion asked={asked} question={question} />
  );
}

/** The app is told what is wrong, when the person wants to go back to it. */
function WrongQuestion({ asked, question: { app, returnsTo, problem } }: { asked: string; question: ConsentQuestion }) {
  const { answer, isBusy, failure } = useAnswer(asked);
  return (
    <div class="notice" role="alert" data-testid="consent-unusable">
      <h1>{app.name} cannot be allowed</h1>
      <p class="muted">It asks in a wrong way: {problem} Nothing was given to it.</p>
      {failure && <p class="message message-bad">{failure}</p>}
      <button type="button" class="button" disabled={isBusy} onClick={() => answer(false)} data-testid="consent-back">
        Back to {returnsTo}
      </button>
    </div>
  );
}

function useAnswer(asked: string) {
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const answer = async (allow: boolean) => {
    setIsBusy(true);
    setFailure(null);
    try {
      location.assign((await appsApi.answer(asked, allow)).redirectTo);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : 'That did not work. Try again.');
      setIsBusy(false);
    }
  };
  return { answer, isBusy, failure };
}

function Question({ asked, question }: { asked: string; question: ConsentQuestion }) {
  const { answer, isBusy, failure } = useAnswer(asked);
  const { app, scopes, returnsTo } = question;
  return (
    <section class="consent card" aria-labelledby="consent-title" data-testid="consent">
      <header class="consent-head">
        <span class="consent-mark" aria-hidden="true">
          {app.name.slice(0, 1)}
        </span>
        <div>
          <h1 id="consent-title">
            Allow <strong data-testid="consent-app">{app.name}</strong>?
          </h1>
          <p class="muted">
            Registered here by {app.ownerName}
            {app.websiteUrl && (
              <>
                {' · '}
                <a href={app.websiteUrl} target="_blank" rel="noreferrer noopener">
                  {new URL(app.websiteUrl).host}
                </a>
              </>
            )}
          </p>
        </div>
      </header>
      <div class="consent-body">
        <h2>As {session.value?.user?.name ?? 'you'}, it may</h2>
        <ScopeList scopes={scopes} />
        <p class="hint consent-note">
          It never sees how you sign in, and never gets to do more than you may. You can take this back at any time
          under <a href="/settings">Settings</a>.
        </p>
      </div>
      {failure && (
        <p class="message message-bad" role="alert">
          {failure}
        </p>
      )}
      <div class="consent-actions">
        <button
          type="button"
          class="button"
          disabled={isBusy}
          onClick={() => answer(false)}
          data-testid="consent-refuse"
        >
          Not now
        </button>
        <button
          type="button"
          class="button button-primary"
          disabled={isBusy}
          onClick={() => answer(true)}
          data-testid="consent-allow"
        >
          <Icon name="check" /> Allow
        </button>
      </div>
      <p class="muted consent-return">
        You go back to <strong>{returnsTo}</strong>
      </p>
    </section>
  );
}

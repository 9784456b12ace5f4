// Shows a page to those who are signed in, and the way in to everybody else.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Session } from '../../protocol/claims.ts';
import { Icon } from '../components/icon.tsx';
import { refreshSession, session, signIn } from '../session.ts';
import './signed-in.css';

export function SignedIn({ children }: { children: ComponentChildren }) {
  const current = session.value;
  useEffect(() => {
    void refreshSession();
  }, []);
  if (current === undefined) return <div class="page-loading" />;
  if (current === null) {
    return (
      <div class="notice" role="alert">
        <h1>This page cannot be opened</h1>
        <p class="muted">The server does not answer. Check your connection.</p>
        <button type="button" class="button" onClick={refreshSession}>
          Try again
        </button>
      </div>
    );
  }
  if (current.user) return <>{children}</>;
  return <SignIn session={current} returnTo={location.pathname + location.search} />;
}

/** The ways in: a button for each provider, and on one's own machine the seeded people at one click. */
export function SignIn({ session: { providers, localSignIn }, returnTo }: { session: Session; returnTo: string }) {
  const people = localSignIn?.users ?? null;
  const [problem, setProblem] = useState<string | null>(null);
  const enter = (handle: string) => signIn(handle).catch((error: Error) => setProblem(error.message));
  return (
    <section class="sign-in">
      <h1>The stage door</h1>
      {providers.map(({ id, name, startUrl }) => (
        <a
          key={id}
          class="button button-primary"
          href={`${startUrl}?${new URLSearchParams({ returnTo })}`}
          data-testid={`provider-${id}`}
        >
          Continue with {name}
        </a>
      ))}
      {people === null && providers.length === 0 && (
        <p class="muted">
          Signing in is not set up on this server yet. Broadcasts can be made with an access token and the API.
        </p>
      )}
      {people && (
        <>
          <p class="muted">This Footlight runs on your own machine. Choose who you are.</p>
          <ul>
            {people.map(({ handle, name, about }) => (
              <li key={handle}>
                <button type="button" class="person" onClick={() => enter(handle)} data-testid={`sign-in-${handle}`}>
                  <span class="person-initial" aria-hidden="true">
                    {name.slice(0, 1)}
                  </span>
                  <span>
                    <strong>{name}</strong>
                    <small>{about}</small>
                  </span>
                  <Icon name="arrow" />
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {problem && (
        <p class="message message-bad" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}

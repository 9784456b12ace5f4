// Where one signs in, and reads why a sign-in came to nothing.
import { useEffect } from 'preact/hooks';
import type { SignInRefusal } from '../../protocol/sign-in.ts';
import { useTitle } from '../components/use-title.ts';
import { navigate } from '../router.ts';
import { session } from '../session.ts';
import { SignedIn, SignIn } from '../studio/signed-in.tsx';

const WORDS: Record<SignInRefusal, string> = {
  cancelled: 'The sign-in was not completed at the provider. You can try again.',
  unknown_attempt: 'This sign-in was used already, or is not known here. Begin again.',
  expired_attempt: 'The sign-in took longer than ten minutes. Begin again.',
  other_browser: 'The sign-in was begun in another browser, or this one keeps no cookies. Begin again here.',
  other_provider: 'The answer came from another provider than the one you chose. Begin again.',
  invalid_answer:
    'The answer of the provider did not hold when it was checked. If that stays, tell whoever runs this place.',
  provider_unreachable: 'The provider cannot be reached at the moment. Try again, or use another one.',
};

export function SignInPage() {
  useTitle('Sign in');
  const asked = new URLSearchParams(location.search);
  const refused = asked.get('refused');
  const returnTo = pathOf(asked.get('returnTo'));
  const current = session.value;
  return (
    <>
      {refused !== null && Object.hasOwn(WORDS, refused) && (
        <p class="message message-bad" role="alert" data-testid="sign-in-refused">
          {WORDS[refused as SignInRefusal]}
        </p>
      )}
      {current && !current.user ? (
        <SignIn session={current} returnTo={returnTo} />
      ) : (
        <SignedIn>
          <GoOn to={returnTo} />
        </SignedIn>
      )}
    </>
  );
}

/** Whoever is signed in already goes where they wanted to go. */
function GoOn({ to }: { to: string }) {
  useEffect(() => navigate(to), [to]);
  return null;
}

/** A path of ours; the server judges it again before anybody is sent there. */
const pathOf = (text: string | null): string => (text && /^\/(?![/\\])/.test(text) ? text : '/');

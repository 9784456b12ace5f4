// Why a sign-in came to nothing, as a value with the words for whoever reads it.
import type { SignInRefusal } from '../../protocol/sign-in.ts';

export interface RefusedSignIn {
  ok: false;
  reason: SignInRefusal;
  detail: string;
  /** Where the person wanted to go; they still do when they try again. */
  returnTo: string;
}

const DETAILS: Record<SignInRefusal, string> = {
  cancelled: 'The provider says that the sign-in was not completed. Try again, and finish it there.',
  unknown_attempt: 'This sign-in is not known here: it was used already, or never begun. Begin again.',
  expired_attempt: 'The sign-in took longer than ten minutes. Begin again.',
  other_browser: 'The sign-in was begun in another browser. Begin again in this one, and allow its cookies.',
  other_provider: 'The answer came from another provider than the one that was asked. Begin again.',
  invalid_answer:
    'The answer of the provider did not hold when it was checked. Begin again; if it stays, tell whoever runs this place.',
  provider_unreachable: 'The provider cannot be reached at the moment. Try again, or use another one.',
};

export const refusedSignIn = (reason: SignInRefusal, returnTo = '/'): RefusedSignIn => ({
  ok: false,
  reason,
  detail: DETAILS[reason],
  returnTo,
});

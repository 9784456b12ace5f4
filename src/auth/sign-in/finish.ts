// The way back: an answer of a provider becomes an account of ours, or a refusal.
import type { OidcProvider } from '../../protocol/sign-in.ts';
import { type SignInAttempt, takeAttempt } from '../../storage/sign-in-attempts.ts';
import { hashSecret, isSameSecret } from '../secrets.ts';
import { type SignedInAccount, signedInAccount } from './account.ts';
import { readBrowser } from './begin.ts';
import { exchangeCode } from './exchange-code.ts';
import { type RefusedSignIn, refusedSignIn } from './refusals.ts';

export type FinishedSignIn = ({ ok: true; returnTo: string } & SignedInAccount) | RefusedSignIn;

export interface SignInAnswer {
  env: Pick<Env, 'DB' | 'MODE' | 'OIDC_PROVIDERS' | 'ADMIN_IDENTITIES'>;
  request: Request;
  base: string;
  /** The provider at whose callback the answer came in. */
  provider: OidcProvider;
  nowMs: number;
}

export async function finishSignIn(answer: SignInAnswer): Promise<FinishedSignIn> {
  const { env, request, provider, nowMs } = answer;
  const parameters = new URL(request.url).searchParams;
  const attempt = await takeAttempt(env.DB, await hashSecret(parameters.get('state') ?? ''));
  if (!attempt) return refusedSignIn('unknown_attempt');
  const unfit = await unfitFor(attempt, answer);
  if (unfit) return refusedSignIn(unfit, attempt.returnTo);
  const exchanged = await exchangeCode({ ...answer, parameters, attempt });
  if (!exchanged.ok) return refusedSignIn(exchanged.reason, attempt.returnTo);
  const account = await signedInAccount({ env, provider, claims: exchanged.claims, nowMs });
  return { ok: true, returnTo: attempt.returnTo, ...account };
}

/** The attempt is used up by now, whatever comes of it. */
async function unfitFor(
  attempt: SignInAttempt,
  { request, base, provider, nowMs }: SignInAnswer,
): Promise<'other_browser' | 'other_provider' | 'expired_attempt' | null> {
  const browser = readBrowser(request, base);
  // Else somebody could be lured into an account of the one who began: a link that signs in is as good as a wrong cookie.
  if (!browser || !(await isSameSecret(await hashSecret(browser), attempt.browserHash))) return 'other_browser';
  if (attempt.provider !== provider.id) return 'other_provider';
  if (attempt.expiresAtMs <= nowMs) return 'expired_attempt';
  return null;
}

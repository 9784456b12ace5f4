// When a person who has allowed an app before is not asked again.
import type { Scope } from '../../protocol/claims.ts';
import type { AppType } from '../../protocol/oauth.ts';
import { isWithin } from './parameters.ts';

/** OpenID Connect Core section 3.1.2.1: with any of these the person is to see a page of ours. */
const PROMPTS = ['consent', 'login', 'select_account'];

export const wantsPrompt = (prompt: string | null): boolean =>
  (prompt ?? '').split(' ').some((word) => PROMPTS.includes(word));

/**
 * RFC 8252 section 8.6: without asking, only an app that proves who it is. It has a secret, and the code goes to an address
 * that is its own: any program of the person's machine can listen on the loopback or claim a scheme.
 */
export const provesWhoItIs = ({ type }: { type: AppType }, redirectUri: string): boolean =>
  type === 'confidential' && redirectUri.startsWith('https://');

/** With so many approvals of one person at a time an app is asked for again: else it could pile up more than a list of them shows. */
export const HELD_MAX = 50;

/** `held`: the scopes of each approval of this app by this person that holds. One of them covers the request alone. */
export const isCovered = (asked: readonly Scope[], held: readonly (readonly Scope[])[]): boolean =>
  held.length < HELD_MAX && held.some((scopes) => isWithin(asked, scopes));

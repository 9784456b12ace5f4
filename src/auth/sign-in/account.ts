// Whose account is it? The pair of issuer and subject decides, and nothing else that a provider says.
import { displayName, handleWithTail, isNamedAdmin, preferredHandle } from '../../domain/sign-in/account.ts';
import type { PlatformRole } from '../../protocol/claims.ts';
import { FootlightError } from '../../protocol/errors.ts';
import { mintId, UserId } from '../../protocol/ids.ts';
import { LOCAL_PROVIDER_ID, type OidcProvider, type ProviderClaims } from '../../protocol/sign-in.ts';
import { createUser, findUserBySubject, linkIdentity } from '../../storage/identities.ts';
import { changePlatformRole, type UserRecord } from '../../storage/users.ts';
import { castAccount } from '../cast-account.ts';
import { castMember } from '../local-cast.ts';
import { namedAdmins } from './settings.ts';

export interface SignedInAccount {
  /** As it was before this sign-in changed the role, if it did. */
  user: UserRecord;
  /** The account was made by this sign-in. */
  isNew: boolean;
  /** The role before the configuration made them an admin just now; null: it did not. */
  raisedFrom: PlatformRole | null;
}

interface Arrival {
  env: Pick<Env, 'DB' | 'MODE' | 'OIDC_PROVIDERS' | 'ADMIN_IDENTITIES'>;
  provider: OidcProvider;
  claims: ProviderClaims;
  nowMs: number;
}

export async function signedInAccount(arrival: Arrival): Promise<SignedInAccount> {
  const { env, provider, claims } = arrival;
  const known = await findUserBySubject(env.DB, { issuer: provider.issuer, subject: claims.sub });
  const user = known ?? (await seededAccount(arrival)) ?? (await newAccount(arrival));
  const becomesAdmin = user.platformRole !== 'admin' && isNamedAdmin(namedAdmins(env), provider.issuer, claims);
  const isRaised =
    becomesAdmin && (await changePlatformRole(env.DB, { id: user.id, from: user.platformRole, to: 'admin' }));
  return { user, isNew: !known, raisedFrom: isRaised ? user.platformRole : null };
}

/** The seeded people keep their fixed ids and roles; in local mode and through the local provider only. */
async function seededAccount({ env, provider, claims, nowMs }: Arrival): Promise<UserRecord | null> {
  const isLocal = env.MODE === 'local' && provider.id === LOCAL_PROVIDER_ID;
  const member = isLocal ? castMember(claims.sub) : undefined;
  if (!member) return null;
  const user = await castAccount(env.DB, member, nowMs);
  // Who had the account erased is a stranger now, and gets a new one.
  if (!user) return null;
  await linkIdentity(env.DB, { issuer: provider.issuer, subject: claims.sub, userId: user.id, nowMs });
  return user;
}

/** Four characters of 32 each: two strangers of one name meet there once in a million. */
const TAIL_LENGTH = 4;
const TRIES_MAX = 5;

async function newAccount({ env, provider, claims, nowMs }: Arrival): Promise<UserRecord> {
  const preferred = preferredHandle(claims);
  const identity = { issuer: provider.issuer, subject: claims.sub };
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const id = mintId('us', crypto.getRandomValues(new Uint8Array(16)));
    const handle = attempt === 0 ? preferred : handleWithTail(preferred, id.slice(-TAIL_LENGTH));
    const user: UserRecord = {
      id: UserId.parse(id),
      handle,
      name: displayName(claims, handle),
      platformRole: 'viewer',
    };
    if (await createUser(env.DB, user, { ...identity, nowMs })) return user;
    // Another request of the same person may have made the account a moment ago.
    const made = await findUserBySubject(env.DB, identity);
    if (made) return made;
  }
  throw new FootlightError('internal', 'No free handle was found for the new account. Sign in again.');
}

// The keys of the authorization server, in D1: made when due, remembered for a while, and found by their kid.
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { planKeys } from '../domain/oauth/key-schedule.ts';
import { keepSigningKey, listSigningKeys, removeSigningKeys, type SigningKeyRecord } from '../storage/signing-keys.ts';
import type { SigningKey } from './signing-key.ts';
import { unwrap, wrap } from './wrapping-key.ts';

type KeyEnv = Pick<Env, 'DB' | 'WRAPPING_KEY'>;

const ALGORITHM = 'ES256';
/** An isolate looks again after this time; a new key is announced a day before it signs. */
const REMEMBERED_MS = 60_000;
/** A token may name a key that we have not seen yet; forged ones must not make us look each time. */
const LOOK_AGAIN_MS = 2000;

let remembered: { readAtMs: number; records: SigningKeyRecord[] } | undefined;
/** Bounded: kept for published keys only. */
const publicKeys = new Map<string, Promise<CryptoKey>>();
const privateKeys = new Map<string, Promise<CryptoKey>>();

/** The key to sign with now. `madeKid`: one had to be made on the way. */
export async function keyToSign(env: KeyEnv, nowMs: number): Promise<{ key: SigningKey; madeKid: string | null }> {
  const madeKid = await rotateSigningKeys(env, nowMs);
  const { signing } = planKeys(await readKeys(env.DB, nowMs, REMEMBERED_MS), nowMs);
  if (!signing) throw new Error('There is no signing key although one was just made.');
  const [privateKey, publicKey] = await Promise.all([privateKeyOf(env, signing), publicKeyOf(signing)]);
  return { key: { kid: signing.kid, privateKey, publicKey }, madeKid };
}

/** The key that a token names; null for one that we never had or no longer trust. */
export async function keyToVerify(db: D1Database, kid: string, nowMs: number): Promise<CryptoKey | null> {
  const known = findKey(await readKeys(db, nowMs, REMEMBERED_MS), kid, nowMs);
  const record = known ?? findKey(await readKeys(db, nowMs, LOOK_AGAIN_MS), kid, nowMs);
  return record ? publicKeyOf(record) : null;
}

/** The JWKS (RFC 7517): every key that a valid token may be signed with, and the next one. */
export async function publishedKeys(env: KeyEnv, nowMs: number): Promise<{ keys: JWK[]; madeKid: string | null }> {
  const madeKid = await rotateSigningKeys(env, nowMs);
  const { published } = planKeys(await readKeys(env.DB, nowMs, REMEMBERED_MS), nowMs);
  return { keys: published.map(({ publicJwk }) => JSON.parse(publicJwk) as JWK), madeKid };
}

/** Makes the next key when it is due and removes those that are over. The kid of the new one, or null. */
export async function rotateSigningKeys(env: KeyEnv, nowMs: number): Promise<string | null> {
  const records = await readKeys(env.DB, nowMs, REMEMBERED_MS);
  const { next, expired } = planKeys(records, nowMs);
  if (!next && expired.length === 0) return null;
  await removeSigningKeys(
    env.DB,
    expired.map(({ kid }) => kid),
  );
  const sequence = Math.max(0, ...records.map((one) => one.sequence)) + 1;
  const made = next && (await makeKey(env.WRAPPING_KEY, { sequence, signsFromMs: next.signsFromMs, nowMs }));
  const isOurs = made !== null && (await keepSigningKey(env.DB, made));
  await readKeys(env.DB, nowMs, 0);
  return isOurs ? made.kid : null;
}

async function readKeys(db: D1Database, nowMs: number, atMostOldMs: number): Promise<SigningKeyRecord[]> {
  const ageMs = remembered ? Math.abs(nowMs - remembered.readAtMs) : Number.POSITIVE_INFINITY;
  if (remembered && atMostOldMs > 0 && ageMs <= atMostOldMs) return remembered.records;
  const records = await listSigningKeys(db);
  remembered = { readAtMs: nowMs, records };
  for (const keys of [publicKeys, privateKeys]) {
    for (const kid of keys.keys()) if (!records.some((one) => one.kid === kid)) keys.delete(kid);
  }
  return records;
}

const findKey = (records: SigningKeyRecord[], kid: string, nowMs: number): SigningKeyRecord | undefined =>
  planKeys(records, nowMs).published.find((one) => one.kid === kid);

function publicKeyOf({ kid, publicJwk }: SigningKeyRecord): Promise<CryptoKey> {
  const known = publicKeys.get(kid);
  if (known) return known;
  const key = importJWK(JSON.parse(publicJwk), ALGORITHM) as Promise<CryptoKey>;
  publicKeys.set(kid, key);
  return key;
}

function privateKeyOf({ WRAPPING_KEY }: KeyEnv, { kid, wrappedKey }: SigningKeyRecord): Promise<CryptoKey> {
  const known = privateKeys.get(kid);
  if (known) return known;
  const key = unwrap(WRAPPING_KEY, { label: kid, wrapped: wrappedKey }).then(
    (json) => importJWK(JSON.parse(json), ALGORITHM) as Promise<CryptoKey>,
  );
  privateKeys.set(kid, key);
  // A secret that was set right meanwhile must not find the old failure.
  key.catch(() => privateKeys.delete(kid));
  return key;
}

async function makeKey(
  wrappingKey: string,
  { sequence, signsFromMs, nowMs }: { sequence: number; signsFromMs: number; nowMs: number },
): Promise<SigningKeyRecord> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const [privateJwk, publicJwk] = await Promise.all([exportJWK(privateKey), exportJWK(publicKey)]);
  const kid = await calculateJwkThumbprint(publicJwk);
  return {
    kid,
    sequence,
    publicJwk: JSON.stringify({ ...publicJwk, kid, alg: ALGORITHM, use: 'sig' }),
    wrappedKey: await wrap(wrappingKey, { label: kid, text: JSON.stringify(privateJwk) }),
    signsFromMs,
    createdAtMs: nowMs,
  };
}

// The key of local mode, by which `npm run token` signs without a database; read once per isolate from its secret.
import { type CryptoKey, calculateJwkThumbprint, importJWK, type JWK } from 'jose';
import { FootlightError } from '../protocol/errors.ts';

export interface SigningKey {
  kid: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
}

let remembered: { json: string; key: Promise<SigningKey> } | undefined;

export function signingKey(json: string | undefined): Promise<SigningKey> {
  if (!json) throw unusable('is not set');
  if (remembered?.json !== json) remembered = { json, key: readSigningKey(json) };
  return remembered.key;
}

async function readSigningKey(json: string): Promise<SigningKey> {
  const jwk = parseJwk(json);
  const { d: _secret, ...publicJwk } = jwk;
  const [kid, privateKey, publicKey] = await Promise.all([
    calculateJwkThumbprint(publicJwk),
    importJWK({ ...jwk, key_ops: ['sign'] }, 'ES256'),
    importJWK({ ...publicJwk, key_ops: ['verify'] }, 'ES256'),
  ]);
  return { kid, privateKey: privateKey as CryptoKey, publicKey: publicKey as CryptoKey };
}

function parseJwk(json: string): JWK {
  let jwk: JWK;
  try {
    jwk = JSON.parse(json);
  } catch {
    throw unusable('is not JSON');
  }
  if (jwk.kty !== 'EC' || jwk.crv !== 'P-256' || !jwk.d) throw unusable('is not a private P-256 JWK');
  return jwk;
}

const unusable = (why: string) =>
  new FootlightError('internal', `TOKEN_KEY ${why}. It is a key of local mode: \`npm start\` makes one.`);

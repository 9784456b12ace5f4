// The keys that sign access tokens: public halves in clear, private ones wrapped.
import { desc, inArray } from 'drizzle-orm';
import { isUniqueViolation, shelves } from './database.ts';
import { signingKeys } from './schema.ts';

export interface SigningKeyRecord {
  kid: string;
  /** Counts up; the next key is one more than the last. */
  sequence: number;
  publicJwk: string;
  wrappedKey: string;
  signsFromMs: number;
  createdAtMs: number;
}

/** A handful: old ones are removed. */
const KEYS_READ = 20;

export async function listSigningKeys(db: D1Database): Promise<SigningKeyRecord[]> {
  return shelves(db).select().from(signingKeys).orderBy(desc(signingKeys.sequence)).limit(KEYS_READ);
}

/** False: somebody else made the key of this sequence number first, and that one counts. */
export async function keepSigningKey(db: D1Database, key: SigningKeyRecord): Promise<boolean> {
  try {
    await shelves(db).insert(signingKeys).values(key);
    return true;
  } catch (error) {
    if (isUniqueViolation(error)) return false;
    throw error;
  }
}

export async function removeSigningKeys(db: D1Database, kids: readonly string[]): Promise<void> {
  if (kids.length > 0)
    await shelves(db)
      .delete(signingKeys)
      .where(inArray(signingKeys.kid, [...kids]));
}

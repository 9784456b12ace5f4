// Codes and refresh tokens, kept as hashes: each is spent once, whoever else tries at the same moment.
import { and, eq, isNull, lt, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import type { Scope } from '../protocol/claims.ts';
import type { AppId, GrantId, UserId } from '../protocol/ids.ts';
import { shelves } from './database.ts';
import { authorizationCodes, grants, refreshTokens } from './schema.ts';

/** What a code or a refresh token stands for. */
interface Given {
  grantId: GrantId;
  appId: AppId;
  userId: UserId;
  scopes: Scope[];
  isRevoked: boolean;
  expiresAtMs: number;
}

export interface CodeRecord extends Given {
  redirectUri: string;
  codeChallenge: string;
  spentAtMs: number | null;
}

export interface RefreshTokenRecord extends Given {
  rotatedAtMs: number | null;
  isSuccessorRotated: boolean;
}

export async function findCode(db: D1Database, codeHash: string): Promise<CodeRecord | null> {
  const { redirectUri, codeChallenge, spentAtMs, expiresAtMs } = authorizationCodes;
  const rows = await shelves(db)
    .select({ ...ofGrant, expiresAtMs, redirectUri, codeChallenge, spentAtMs })
    .from(authorizationCodes)
    .innerJoin(grants, eq(grants.id, authorizationCodes.grantId))
    .where(eq(authorizationCodes.codeHash, codeHash));
  const row = rows[0];
  return row ? withoutTime(row) : null;
}

/** False: somebody spent it before. */
export async function spendCode(db: D1Database, codeHash: string, nowMs: number): Promise<boolean> {
  const { meta } = await shelves(db)
    .update(authorizationCodes)
    .set({ spentAtMs: nowMs })
    .where(and(eq(authorizationCodes.codeHash, codeHash), isNull(authorizationCodes.spentAtMs)));
  return meta.changes > 0;
}

export async function findRefreshToken(db: D1Database, tokenHash: string): Promise<RefreshTokenRecord | null> {
  const successors = alias(refreshTokens, 'successors');
  const { rotatedAtMs, expiresAtMs } = refreshTokens;
  const rows = await shelves(db)
    .select({ ...ofGrant, expiresAtMs, rotatedAtMs, successorRotatedAtMs: successors.rotatedAtMs })
    .from(refreshTokens)
    .innerJoin(grants, eq(grants.id, refreshTokens.grantId))
    .leftJoin(successors, eq(successors.tokenHash, refreshTokens.successorHash))
    .where(eq(refreshTokens.tokenHash, tokenHash));
  if (!rows[0]) return null;
  const { successorRotatedAtMs, ...row } = rows[0];
  return { ...withoutTime(row), isSuccessorRotated: successorRotatedAtMs !== null };
}

interface NewRefreshToken {
  tokenHash: string;
  expiresAtMs: number;
}

/** False: it was rotated before, and nothing changed. */
export async function rotateRefreshToken(
  db: D1Database,
  {
    tokenHash,
    grantId,
    successor,
    nowMs,
  }: { tokenHash: string; grantId: GrantId; successor: NewRefreshToken; nowMs: number },
): Promise<boolean> {
  const [, { meta }] = await shelves(db).batch([
    shelves(db)
      .insert(refreshTokens)
      .values({ ...successor, grantId })
      .onConflictDoNothing(),
    shelves(db)
      .update(refreshTokens)
      .set({ rotatedAtMs: nowMs, successorHash: successor.tokenHash })
      .where(and(eq(refreshTokens.tokenHash, tokenHash), isNull(refreshTokens.rotatedAtMs))),
  ]);
  return meta.changes > 0;
}

export async function keepRefreshToken(db: D1Database, token: NewRefreshToken & { grantId: GrantId }): Promise<void> {
  await shelves(db).insert(refreshTokens).values(token);
}

/** A token was given out: the grant was used now, and holds at least until then. */
export async function recordIssue(
  db: D1Database,
  { grantId, nowMs, expiresAtMs }: { grantId: GrantId; nowMs: number; expiresAtMs: number },
): Promise<void> {
  await shelves(db)
    .update(grants)
    .set({ usedAtMs: nowMs, expiresAtMs: sql`max(${grants.expiresAtMs}, ${expiresAtMs})` })
    .where(eq(grants.id, grantId));
}

/** Removes what has been worthless for `keptForMs`, and what was replaced `rotatedForMs` ago; until then a replay is recognised as one. */
export async function removeOldGrants(
  db: D1Database,
  { nowMs, keptForMs, rotatedForMs }: { nowMs: number; keptForMs: number; rotatedForMs: number },
): Promise<void> {
  const before = nowMs - keptForMs;
  // Codes and refresh tokens go with their grant; a long-lived grant sheds the tokens that it has outlived.
  await shelves(db).batch([
    shelves(db)
      .delete(grants)
      .where(or(lt(grants.expiresAtMs, before), lt(grants.revokedAtMs, before))),
    shelves(db)
      .delete(refreshTokens)
      .where(or(lt(refreshTokens.expiresAtMs, before), lt(refreshTokens.rotatedAtMs, nowMs - rotatedForMs))),
  ]);
}

const ofGrant = {
  grantId: grants.id,
  appId: grants.appId,
  userId: grants.userId,
  scopes: grants.scopes,
  revokedAtMs: grants.revokedAtMs,
};

const withoutTime = <Row extends { revokedAtMs: number | null }>({ revokedAtMs, ...row }: Row) => ({
  ...row,
  isRevoked: revokedAtMs !== null,
});

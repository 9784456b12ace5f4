// The one way to D1: drizzle around the binding, and how to recognise a refused duplicate.
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';

export const shelves = (db: D1Database): DrizzleD1Database => drizzle(db);

/** A UNIQUE index refused the row. D1 says it in words only, and drizzle wraps those as the cause. */
export function isUniqueViolation(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.message.includes('UNIQUE constraint failed')) return true;
  }
  return false;
}

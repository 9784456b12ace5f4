// The one way to D1: drizzle around the binding, and how to recognise a refused duplicate.
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';

export const shelves = (db: D1Database): DrizzleD1Database => drizzle(db);

/** A UNIQUE index refused the row. D1 says it in words only, and drizzle wraps those as the cause. */
export const isUniqueViolation = (error: unknown): boolean => says(error, 'UNIQUE constraint failed');

/** A text that was to be read as JSON is none. */
export const isMalformedJson = (error: unknown): boolean => says(error, 'malformed JSON');

function says(error: unknown, words: string): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.message.includes(words)) return true;
  }
  return false;
}

/** D1 takes 2,000,000 bytes as one bound value; rows that are bound together as JSON stay well below. */
export const BOUND_BYTES_MAX = 1_000_000;

/** What a row takes when it is bound as JSON beside others, its own JSON included. */
export const bytesBound = (row: unknown): number => encoder.encode(JSON.stringify(row)).byteLength;

const encoder = new TextEncoder();

// What is stored as JSON, read without trust: somebody may have written behind the back of the log.

/** Null: it is no JSON, or not of this schema. */
export function readJson<Parsed>(
  schema: { safeParse(value: unknown): { data?: Parsed | undefined } },
  text: string,
): Parsed | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

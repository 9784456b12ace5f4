// What a model of the guard class answers: whether a text is safe.
import { z } from 'zod';

/** `{ safe }`, or in words: "safe", or "unsafe" and the categories. */
const GuardAnswer = z.object({ response: z.union([z.object({ safe: z.boolean() }), z.string()]) });

/** Null: that is no answer. */
export function readGuardAnswer(answer: unknown): 'safe' | 'unsafe' | null {
  const { data } = GuardAnswer.safeParse(answer);
  if (!data) return null;
  if (typeof data.response !== 'string') return data.response.safe ? 'safe' : 'unsafe';
  const [word] = /\b(un)?safe\b/i.exec(data.response) ?? [];
  if (word === undefined) return null;
  return word.toLowerCase() === 'safe' ? 'safe' : 'unsafe';
}

// What counts as a text that somebody may say.
import { z } from 'zod';

/** As people count them: a flag or a family is one. */
export const MESSAGE_CHARACTERS_MAX = 500;
/** A family is 11 code units long; beyond this a text is no message, however few characters it draws. */
const MESSAGE_UNITS_MAX = 12 * MESSAGE_CHARACTERS_MAX;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Stops counting at `max`: a longer text costs no more. */
function hasAtMost(max: number, text: string): boolean {
  let count = 0;
  for (const _character of segmenter.segment(text)) if (++count > max) return false;
  return true;
}

/** Spaces, marks of direction and joiners alone draw nothing. */
const VISIBLE = /[^\s\p{C}\p{M}\p{Z}\u115f\u1160\u3164\uffa0\u2800]/u;

export const MessageText = z
  .string()
  .trim()
  .min(1)
  .max(MESSAGE_UNITS_MAX)
  .refine((text) => VISIBLE.test(text), 'must have something to see')
  .refine((text) => hasAtMost(MESSAGE_CHARACTERS_MAX, text), `must have at most ${MESSAGE_CHARACTERS_MAX} characters`)
  .describe(`Up to ${MESSAGE_CHARACTERS_MAX} characters as people count them`);

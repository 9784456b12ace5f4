import { expect, it } from 'vitest';
import { readGuardAnswer } from '../../src/protocol/model.ts';

it.each([
  [{ response: { safe: true } }, 'safe'],
  [{ response: { safe: false, categories: ['S10'] } }, 'unsafe'],
  [{ response: '\n\nsafe', usage: {} }, 'safe'],
  [{ response: 'unsafe\nS1,S10' }, 'unsafe'],
  [{ response: 'I cannot say' }, null],
  [{ response: {} }, null],
  ['safe', null],
  [null, null],
])('the answer of a guard is read: %j', (answer, said) => {
  expect(readGuardAnswer(answer)).toBe(said);
});

import { expect, it } from 'vitest';
import { judge, STANDARD } from '../../src/domain/chat/moderation/judge.ts';
import { NO_LISTS } from '../../src/domain/chat/moderation/own-lists.ts';
import { EMPTY_MEMORY } from '../../src/domain/chat/moderation/repeats.ts';

it('a line is judged in workerd as it is in Node', () => {
  const line = {
    text: 'f u c k, ѕһіt',
    authorId: 'us_aaaa',
    authorRoles: ['viewer' as const],
    accountAgeMs: 1e11,
    followingForMs: null,
    linesBefore: 9,
  };
  const { verdict } = judge(line, { lists: NO_LISTS, settings: STANDARD, memory: EMPTY_MEMORY, nowMs: 0 });
  expect(verdict).toMatchObject({ action: 'mask', shown: '* * * *, ****', reason: 'profanity' });
});

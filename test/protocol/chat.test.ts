import { describe, expect, it } from 'vitest';
import { MessageText } from '../../src/protocol/chat.ts';

const isTaken = (text: string) => MessageText.safeParse(text).success;

describe('the text of a message', () => {
  it('is counted as people count: a family, a flag, a letter with its accent are one', () => {
    for (const one of ['a', 'é', 'é', '👩‍👩‍👧‍👦', '🇳🇴', 'क्षि', '한']) {
      expect(isTaken(one.repeat(500)), one).toBe(true);
      expect(isTaken(one.repeat(501)), one).toBe(false);
    }
  });

  it('is trimmed, and has something to see', () => {
    expect(MessageText.parse('  hello \n')).toBe('hello');
    for (const empty of ['', '   ', '\n\t', '​', '‍‍', '⁣', 'ㅤ', '‮', '⠀'])
      expect(isTaken(empty), JSON.stringify(empty)).toBe(false);
  });

  it('is no endless pile of marks on one letter', () => {
    expect(isTaken(`a${'\u0301'.repeat(20)}`)).toBe(true);
    expect(isTaken(`a${'\u0301'.repeat(6000)}`)).toBe(false);
  });
});

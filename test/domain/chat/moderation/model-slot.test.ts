import { describe, expect, it } from 'vitest';
import { needsModel, withModelAnswer } from '../../../../src/domain/chat/moderation/model-slot.ts';
import { verdictOn } from './measure.ts';

const doubted = verdictOn('you idiot');
const held = verdictOn('nobody likes you');

describe('the place of a model', () => {
  it.each([
    ['hello there', false],
    ['what the fuck', false],
    ['you nigger', false],
    ['you idiot', true],
    ['nobody likes you', true],
    ['you fool, kill yourself, I know where you live', false],
  ])('%s: is the model asked? %s', (text, isAsked) => {
    expect(needsModel(verdictOn(text))).toBe(isAsked);
  });

  it.each(['down', 'late'] as const)(
    'that is %s: the rules stand, or the line is held, as the room has set it',
    (silence) => {
      expect(withModelAnswer(doubted, silence, 'allow')).toEqual(doubted);
      expect(withModelAnswer(doubted, silence, 'hold')).toMatchObject({ action: 'hold', shown: 'you idiot' });
      expect(withModelAnswer(held, silence, 'allow')).toEqual(held);
    },
  );

  it('frees what it finds harmless, holds what it finds harmful, denies what is certain', () => {
    expect(withModelAnswer(held, { harm: 0.1 }, 'hold')).toMatchObject({
      action: 'allow',
      shown: 'nobody likes you',
      reason: null,
    });
    expect(withModelAnswer(doubted, { harm: 0.7 }, 'allow').action).toBe('hold');
    expect(withModelAnswer(doubted, { harm: 0.98 }, 'allow')).toMatchObject({ action: 'deny', shown: '' });
    expect(withModelAnswer(doubted, { harm: 0.1 }, 'hold')).toEqual(doubted);
  });

  it('does not free a link or a flood, and leaves the mask on a word', () => {
    expect(withModelAnswer(verdictOn('see mysite.xyz'), { harm: 0 }, 'allow').action).toBe('hold');
    expect(withModelAnswer(verdictOn('fuck, nobody likes you'), { harm: 0 }, 'allow')).toMatchObject({
      action: 'mask',
      shown: '****, nobody likes you',
    });
  });
});

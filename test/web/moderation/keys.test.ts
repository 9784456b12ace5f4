import { describe, expect, it } from 'vitest';
import { clockWords, reasonWords } from '../../../src/web/moderation/desk-words.ts';
import { KEYS, type KeyAct, keyAct, neighbour } from '../../../src/web/moderation/keys.ts';
import { markedParts } from '../../../src/web/moderation/marked.ts';
import { standsBelow } from '../../../src/web/moderation/reach.ts';
import { perform } from '../../../src/web/moderation/use-desk-keys.ts';
import { person } from '../chat/frames.ts';

const PLAIN = { ctrlKey: false, metaKey: false, altKey: false, isTyping: false };

describe('a key', () => {
  it('is one act, and no two acts share one', () => {
    const all = KEYS.flatMap(({ keys }) => keys);
    expect(new Set(all).size).toBe(all.length);
    expect(keyAct({ key: 'a', ...PLAIN })).toBe('approve');
    expect(keyAct({ key: 'D', ...PLAIN })).toBe('deny');
    expect(keyAct({ key: 'ArrowDown', ...PLAIN })).toBe('next');
    expect(keyAct({ key: '?', ...PLAIN })).toBe('help');
    expect(keyAct({ key: 'q', ...PLAIN })).toBeNull();
  });

  it('is only a letter while one types, and the browser keeps its own', () => {
    expect(keyAct({ key: 'b', ...PLAIN, isTyping: true })).toBeNull();
    expect(keyAct({ key: 'a', ...PLAIN, ctrlKey: true })).toBeNull();
    expect(keyAct({ key: 'd', ...PLAIN, metaKey: true })).toBeNull();
  });

  it('leads from line to line and stays at the ends', () => {
    expect(neighbour(['one', 'two'], 'one', 1)).toBe('two');
    expect(neighbour(['one', 'two'], 'two', 1)).toBe('two');
    expect(neighbour(['one', 'two'], null, 1)).toBe('one');
    expect(neighbour(['one', 'two'], 'gone', -1)).toBe('two');
    expect(neighbour([], 'one', 1)).toBeNull();
  });
});

describe('a held line', () => {
  it('has what the judge found marked, whatever the order and the overlap', () => {
    const parts = markedParts('buy my cheap things', [
      { from: 7, to: 12 },
      { from: 0, to: 3 },
      { from: 10, to: 99 },
    ]);
    expect(parts.map(({ text, isFound }) => (isFound ? `[${text}]` : text)).join('')).toBe('[buy] my [cheap][ things]');
    expect(markedParts('all of it', [])).toEqual([{ text: 'all of it', isFound: false }]);
  });

  it('says why in words, also for a reason that this page does not know', () => {
    expect(reasonWords('lookalike_link')).toBe('Link to a look-alike');
    expect(reasonWords('bad_weather')).toBe('Bad weather');
  });

  it('shows how long it waits', () => {
    expect([251_400, 9000, -5].map(clockWords)).toEqual(['4:12', '0:09', '0:00']);
  });
});

describe('the reach of a moderator', () => {
  it('ends at an equal', () => {
    const you = person('mo', ['channel_moderator']) as never;
    expect(standsBelow(you, person('cleo'))).toBe(true);
    expect(standsBelow(you, person('vi', ['vip']) as never)).toBe(true);
    expect(standsBelow(you, person('other', ['channel_moderator']) as never)).toBe(false);
    expect(standsBelow(you, person('ada', ['owner']) as never)).toBe(false);
  });
});

describe('a key at a line that has just taken the place of another', () => {
  /** Cleo's line of the queue, or message of the log, is chosen; what is done is written down. */
  const press = (act: KeyAct, area: 'queue' | 'log', isSurprised: boolean): string[] => {
    const done: string[] = [];
    const author = person('cleo');
    const message = { id: 'ms_000001', author };
    perform(act, {
      isBlocked: false,
      acts: {
        tell: (words: string) => done.push(words),
        ban: () => done.push('timeout'),
        decide: (_room: unknown, _line: unknown, decision: string) => done.push(decision),
        remove: () => done.push('removed'),
      } as never,
      room: {} as never,
      selection: {
        area,
        picked: area === 'queue' ? { area, line: message } : { area, entry: { kind: 'message', message } },
      } as never,
      you: person('ada', ['owner']) as never,
      isSurprised: () => isSurprised,
      onBan: () => done.push('ban'),
      onHelp: () => undefined,
      onPlace: () => undefined,
    });
    return done;
  };

  it.each(['approve', 'deny', 'timeout', 'ban'] as const)('%s asks to look again, and does it the next time', (act) => {
    expect(press(act, 'queue', true)).toEqual([expect.stringContaining('press again')]);
    expect(press(act, 'queue', false)).toEqual([{ approve: 'approved', deny: 'denied', timeout: act, ban: act }[act]]);
  });

  it('does what it says in the log, where no line takes the place of another', () => {
    expect(press('timeout', 'log', true)).toEqual(['timeout']);
    expect(press('remove', 'log', true)).toEqual(['removed']);
  });
});

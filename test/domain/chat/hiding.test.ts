import { describe, expect, it } from 'vitest';
import { asSeenBy, hiddenHere, mayAnswer, withHidden } from '../../../src/domain/chat/hiding.ts';
import type { Author } from '../../../src/protocol/chat/message.ts';
import { UserId } from '../../../src/protocol/ids.ts';

const [ada, ben] = ['us_ada0', 'us_ben0'].map((id) => UserId.parse(id)) as [UserId, UserId];
const author = (id: UserId, roles: Author['roles'] = []): Author => ({ id, handle: id, name: id, roles });
const message = (by: Author | null, quoted: Author | null = null) => ({
  author: by,
  replyTo: quoted && { id: 'ms_quoted' as never, author: quoted, text: 'What was said' },
  text: 'Hello',
});
const HIDDEN = new Set([ben]);

describe('somebody who is hidden', () => {
  it('is not seen, as an author or in a quote; everybody else is', () => {
    expect(asSeenBy(HIDDEN, message(author(ben)))).toBeNull();
    expect(asSeenBy(HIDDEN, message(author(ben, ['vip'])))).toBeNull();
    expect(asSeenBy(HIDDEN, message(author(ada), author(ben)))).toMatchObject({ text: 'Hello', replyTo: null });
    for (const seen of [message(author(ada)), message(null), message(author(ada), author(ada))])
      expect(asSeenBy(HIDDEN, seen)).toBe(seen);
  });

  it('is heard where they keep order, and hides from nobody who does', () => {
    for (const role of ['channel_moderator', 'owner', 'moderator', 'admin'] as const) {
      const said = message(author(ben, [role]));
      expect(asSeenBy(HIDDEN, said), role).toBe(said);
      expect(hiddenHere([ben], ['viewer', role]), role).toEqual([]);
      expect(mayAnswer(true, ['viewer', role], [])).toBe(true);
      expect(mayAnswer(true, ['viewer'], [role])).toBe(true);
    }
    expect(hiddenHere([ben], ['viewer', 'vip'])).toEqual([ben]);
  });

  it('is not answered, unless the two hear each other', () => {
    expect(mayAnswer(true, ['viewer'], ['vip'])).toBe(false);
    expect(mayAnswer(false, ['viewer'], [])).toBe(true);
  });

  it('is in the list once, and not at all afterwards', () => {
    expect(withHidden([ada, ben], ben, true)).toEqual([ada, ben]);
    expect(withHidden([ada, ben], ben, false)).toEqual([ada]);
    expect(withHidden([], ben, false)).toEqual([]);
  });
});

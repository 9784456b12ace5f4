import { describe, expect, it } from 'vitest';
import { ServerFrame as ServerFrameSchema } from '../../../src/protocol/chat/server-frames.ts';
import type { ServerFrame } from '../../../src/protocol/chat.ts';
import { visibleLines } from '../../../src/web/chat/hidden-lines.ts';
import { EMPTY_ROOM } from '../../../src/web/chat/state.ts';
import { takeFrame } from '../../../src/web/chat/take-frame.ts';
import { announced, hello, person, said } from './frames.ts';

const [cleo, dan] = [person('cleo'), person('dan', ['vip'])];
const hearing = (...frames: ServerFrame[]) => frames.reduce((state, frame) => takeFrame(state, frame, 0), EMPTY_ROOM);
const hiding = (...userIds: string[]) => ServerFrameSchema.parse({ kind: 'hidden', userIds });
const textsOf = (state: ReturnType<typeof hearing>) =>
  visibleLines(state.lines, state.hidden).map((line) =>
    line.kind === 'gap' ? 'gap' : 'text' in line ? line.text : line.message.text,
  );

describe('somebody whom one of the two has blocked', () => {
  const lines = [said(1, 'Mine', { author: cleo }), said(2, 'His', { author: dan }), announced(3, 'Half time')];

  it('is not seen from the first word on, as the hello says it', () => {
    expect(textsOf(hearing(hello(lines, { hidden: [dan.id] })))).toEqual(['Mine', 'Half time']);
  });

  it('goes with what they had said when that is told, and is back when it is taken back', () => {
    const before = [hello(lines), hiding(dan.id), said(4, 'Again', { author: dan })];
    expect(textsOf(hearing(...before))).toEqual(['Mine', 'Half time']);
    expect(textsOf(hearing(...before, hiding()))).toEqual(['Mine', 'His', 'Half time', 'Again']);
  });

  it('is forgotten as hidden when a later hello does not say it any more', () => {
    expect(textsOf(hearing(hello(lines, { hidden: [dan.id] }), hello([], { isComplete: true, seq: 3 })))).toContain(
      'His',
    );
  });

  it('is not quoted either, and is heard where they moderate', () => {
    const { roles: _roles, ...quotedBy } = dan;
    const replyTo = { id: 'ms_000002', author: quotedBy, text: 'His' };
    const state = hearing(hello([said(4, 'So he says', { replyTo })]), hiding(dan.id));
    expect(visibleLines(state.lines, state.hidden)).toMatchObject([{ message: { text: 'So he says', replyTo: null } }]);
    const staff = said(5, 'Be kind', { author: person('dan', ['channel_moderator']) });
    expect(textsOf(hearing(hello([staff]), hiding(dan.id)))).toEqual(['Be kind']);
  });

  it('leaves the lines as they are where nobody is hidden', () => {
    const state = hearing(hello(lines));
    expect(visibleLines(state.lines, state.hidden)).toBe(state.lines);
  });
});

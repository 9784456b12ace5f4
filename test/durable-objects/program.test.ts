import { describe, expect, it } from 'vitest';
import { programOf } from '../../durable-objects/live-room/program.ts';
import type { Guest } from '../../src/domain/chat/guest.ts';
import { person } from './room-guest.ts';

const said = (seq: number, author: Pick<Guest, 'id' | 'handle' | 'name'>, mentions: string[] = []) => ({
  seq,
  frame: JSON.stringify({ kind: 'message', seq, id: `ms_${seq * 7919}`, author: { ...author, roles: [] }, mentions }),
});
const seqsOf = (sent: string | null): number[] => {
  const frame = JSON.parse(sent ?? '{"events":[]}') as { events?: { seq: number }[]; seq: number };
  return frame.events ? frame.events.map(({ seq }) => seq) : [frame.seq];
};

describe('Under flood a socket', () => {
  it('is sent as much as can be read, the author their own beside it, and whom it names what names them', async () => {
    const [loud, quiet, named] = [await person(), await person(), await person()];
    const frames = Array.from({ length: 300 }, (_, nth) => said(nth + 1, { ...loud, id: `us_${nth}` as Guest['id'] }));
    frames.push(said(301, quiet), said(302, loud, [named.handle]));
    const program = programOf(frames, 50);
    const everybody = seqsOf(program({ guest: null, seq: 0 }, true));
    expect(everybody).toHaveLength(50);
    expect(everybody).toEqual([...everybody].sort((a, b) => a - b));
    expect(seqsOf(program({ guest: quiet, seq: 0 }, true))).toEqual(
      [...new Set([...everybody, 301])].sort((a, b) => a - b),
    );
    expect(seqsOf(program({ guest: named, seq: 0 }, true))).toContain(302);
  });

  it('that came in meanwhile is sent nothing that its hello has told', async () => {
    const guest = await person();
    const frames = Array.from({ length: 30 }, (_, nth) => said(nth + 1, guest));
    expect(seqsOf(programOf(frames, 50)({ guest, seq: 28 }, false))).toEqual([29, 30]);
    expect(programOf(frames, 500)({ guest, seq: 30 }, false)).toBeNull();
  });
});

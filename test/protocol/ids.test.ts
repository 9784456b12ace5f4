// Ids are made and read by the same rule.
import { expect, it } from 'vitest';
import { ChannelId, mintId, SessionId, StreamId } from '../../src/protocol/ids.ts';

it('a minted id is one of its kind and of no other', () => {
  const id = mintId(
    'st',
    Uint8Array.from({ length: 16 }, (_, index) => index * 17),
  );
  expect(StreamId.parse(id)).toBe(id);
  expect(ChannelId.safeParse(id).success).toBe(false);
  expect(SessionId.safeParse(id).success).toBe(false);
});

it('different randomness gives different ids', () => {
  const ids = Array.from({ length: 32 }, (_, byte) => mintId('ch', new Uint8Array(16).fill(byte)));
  expect(new Set(ids).size).toBe(32);
});

import { describe, expect, test } from 'vitest';
import { readAmf0, writeAmf0 } from '../../../../transcoder/ingest/rtmp/amf0.ts';
import { AMF_BOTH_WAYS, AMF_READ_ONLY, AMF_REFUSED, bytes, hex } from './golden.ts';

describe('AMF0', () => {
  test.each(AMF_BOTH_WAYS)('writes and reads $name', ({ hex: golden, value }) => {
    expect(hex(writeAmf0([value]))).toBe(golden.replaceAll(' ', ''));
    expect(readAmf0(bytes(golden))).toEqual({ ok: true, values: [value] });
  });

  test.each(AMF_READ_ONLY)('reads $name', ({ hex: golden, value }) => {
    expect(readAmf0(bytes(golden))).toEqual({ ok: true, values: [value] });
  });

  test.each(AMF_REFUSED)('refuses $name with a reason', ({ hex: golden, reason }) => {
    const result = readAmf0(bytes(golden));
    expect(result.ok || result.reason).toMatch(reason);
  });

  test('reads the values of a command one after the other', () => {
    const values = ['publish', 5, null, 'key', 'live'];
    expect(readAmf0(writeAmf0(values))).toEqual({ ok: true, values });
  });

  test('writes and reads a text of more than 64 kB in the long form, up to the limit', () => {
    expect(writeAmf0(['x'.repeat(65_536)])[0]).toBe(12);
    expect(readAmf0(writeAmf0(['x'.repeat(65_536)]))).toEqual({ ok: true, values: ['x'.repeat(65_536)] });
    expect(readAmf0(writeAmf0(['x'.repeat(65_537)])).ok).toBe(false);
  });

  test('keeps names that mean something to JavaScript as plain names', () => {
    const object = new Map([['__proto__', 'x']]);
    expect(readAmf0(writeAmf0([object]))).toEqual({ ok: true, values: [object] });
  });
});

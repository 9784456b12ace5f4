import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/domain/audit/canonical.ts';
import { ChainReader, type Finding, noRow } from '../../../src/domain/audit/verify.ts';
import type { AuditProof } from '../../../src/protocol/audit-log.ts';
import type { ErasureId } from '../../../src/protocol/ids.ts';
import { chainOf, entry, sha256 } from './entries.ts';

const six = () => chainOf([1, 2, 3, 4, 5, 6].map((index) => entry(index)));

async function verify(
  rows: AuditProof[],
  known: { seq: number; hash: string } | null = null,
  waiting = 0,
): Promise<Finding[]> {
  const reader = new ChainReader(sha256, known);
  const findings: Finding[] = [];
  for (const row of rows) findings.push(...(await reader.take(row)));
  return [...findings, ...reader.finish({ waiting })];
}
const told = (findings: Finding[]) => findings.map(({ seq, kind }) => `${kind} ${seq}`);

describe('a row of the audit log', () => {
  it('is hashed as SHA-256 of the hash before it and its canonical JSON', async () => {
    const [first, second] = await six();
    expect(first!.prevHash).toBe('0'.repeat(64));
    expect(second!.prevHash).toBe(first!.hash);
    const bytes = Buffer.from(second!.prevHash + second!.entry);
    expect(second!.hash).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(JSON.parse(second!.entry)).toMatchObject({ seq: 2, id: 'au_test2', target: { id: 'st_abcd' } });
  });

  it('holds no word of a person: pseudonyms, and a digest of the rest', async () => {
    const [row] = await chainOf([
      entry(1, { target: { type: 'door', id: 'PATCH /api/v1/users/us_ben0' }, reason: 'because of Ben' }),
    ]);
    expect(row!.entry).not.toMatch(/us_ada0|us_ben0|Ben|before 1|192\.0/);
    expect(row!.entry).toContain('PATCH /api/v1/users/pp_ben0');
  });

  it('has one spelling: the order of fields does not matter, that of lists does', () => {
    expect(canonicalJson({ b: 1, a: [true, null, 'é"'], c: undefined })).toBe('{"a":[true,null,"é\\""],"b":1}');
    expect(canonicalJson({ a: [1, 2] })).not.toBe(canonicalJson({ a: [2, 1] }));
  });
});

describe('the verification of the audit log', () => {
  it('has nothing to say of a log that nobody touched', async () => {
    expect(await verify(await six())).toEqual([]);
    expect(await verify([])).toEqual([]);
  });

  it('names the row whose entry was changed', async () => {
    const rows = await six();
    rows[2] = { ...rows[2]!, entry: rows[2]!.entry.replace('stream.updated', 'stream.ended') };
    expect(told(await verify(rows))).toEqual(['changed 3']);
  });

  it('names the row that was changed and given a new hash', async () => {
    const rows = await six();
    const changed = rows[2]!.entry.replace('stream.updated', 'stream.ended');
    rows[2] = { ...rows[2]!, entry: changed, hash: await sha256(rows[2]!.prevHash + changed) };
    expect(told(await verify(rows))).toEqual(['changed 3']);
  });

  it('names the row whose details were changed', async () => {
    const rows = await six();
    rows[4] = { ...rows[4]!, facts: rows[4]!.facts!.replace('after 5', 'after 6') };
    expect(told(await verify(rows))).toEqual(['changed 5']);
  });

  it('names the row that is missing, and the rows', async () => {
    const rows = await six();
    expect(told(await verify(rows.filter(({ seq }) => seq !== 4)))).toEqual(['missing 4']);
    const [finding] = await verify(rows.filter(({ seq }) => seq !== 2 && seq !== 3));
    expect(finding).toMatchObject({ kind: 'missing', seq: 2, detail: expect.stringContaining('Rows 2 to 3') });
    expect(told(await verify(rows.slice(1)))).toEqual(['missing 1']);
  });

  it('misses the last rows, when it has seen them before', async () => {
    const rows = await six();
    const { seq, hash } = rows[5]!;
    expect(told(await verify(rows, { seq, hash }))).toEqual([]);
    expect(told(await verify(rows.slice(0, 4), { seq, hash }))).toEqual(['missing 5']);
  });

  it('sees a log that was written anew as a whole, when it has seen the old one', async () => {
    const rows = await six();
    const { seq, hash } = rows[3]!;
    const anew = await chainOf([1, 2, 3, 4, 5, 6].map((index) => entry(index, { action: 'user.followed' })));
    expect(told(await verify(anew))).toEqual([]);
    expect(told(await verify(anew, { seq, hash }))).toEqual(['changed 4']);
  });

  it('names the rows that changed places', async () => {
    const rows = await six();
    const [third, fifth] = [rows[2]!, rows[4]!];
    rows[2] = { ...fifth, seq: 3 };
    rows[4] = { ...third, seq: 5 };
    expect(told(await verify(rows))).toEqual(['reordered 3', 'reordered 5']);
  });

  it('takes details that are gone for an erasure only when one signed for as many', async () => {
    const erasure = 'er_test1' as ErasureId;
    const sign = (entriesBlanked: number) => entry(4, { action: 'user.erased', after: { erasure, entriesBlanked } });
    const blank = (rows: AuditProof[], ...seqs: number[]) =>
      rows.map((row) => (seqs.includes(row.seq) ? { ...row, salt: null, facts: null, erasedBy: erasure } : row));
    const signed = await chainOf([entry(1), entry(2), entry(3), sign(2)]);
    expect(await verify(blank(signed, 1, 2))).toEqual([]);
    expect(told(await verify(blank(signed, 1, 2, 3)))).toEqual(['changed null']);
    expect(told(await verify(blank(await six(), 2)))).toEqual(['changed null']);
    // While an entry waits, the signature may be what waits; a wrong one is wrong all the same.
    expect(told(await verify(blank(await six(), 2), null, 1))).toEqual(['pending null']);
    expect(told(await verify(blank(signed, 1, 2, 3), null, 1))).toEqual(['changed null']);
    expect(told(await verify(signed.map((row) => (row.seq === 2 ? { ...row, facts: null } : row))))).toContain(
      'changed 2',
    );
    expect(told(await verify(signed.map((row) => (row.seq === 2 ? { ...row, hasDetails: false } : row))))).toEqual([
      'changed 2',
    ]);
  });

  it.each(['{}', '{"seq":', '\u0000\uFFFD'])('names the row whose content became %j, and reads on', async (content) => {
    const rows = await six();
    rows[2] = { ...rows[2]!, entry: content };
    const findings = await verify(rows);
    expect(findings[0]).toEqual({
      seq: 3,
      kind: 'changed',
      detail: 'Row 3 was changed: its content is no entry of the log.',
    });
    expect(findings.every(({ seq }) => seq === 3)).toBe(true);
    expect(noRow(null).detail).toBe('A row was changed: its content is no entry of the log.');
  });
});

// Reads the audit log from its first row to its last and says which row was changed, is missing or was moved.
import { AuditFacts, type AuditProof, ChainedEntry } from '../../protocol/audit-log.ts';
import { type ChainHead, GENESIS, linkHash, type Sha256 } from './chain.ts';
import { readJson } from './read-json.ts';

export interface Finding {
  /** The row that it is about; null: the log as a whole. */
  seq: number | null;
  /** pending: nothing is wrong as far as can be seen, and the proof of it is still on its way. */
  kind: 'changed' | 'missing' | 'reordered' | 'pending';
  detail: string;
}

/** Rows go in as they are stored, in the order of `seq`; findings come out. */
export class ChainReader {
  head: ChainHead = GENESIS;
  rows = 0;
  blanked = 0;
  private readonly sha256: Sha256;
  private readonly known: ChainHead | null;
  /** The row before stands where another was written. */
  private isMisplaced = false;
  private readonly blankedBy = new Map<string, number>();
  private readonly signedFor = new Map<string, number>();

  /** `known`: a head that was seen earlier and kept outside of the database. */
  constructor(sha256: Sha256, known: ChainHead | null = null) {
    this.sha256 = sha256;
    this.known = known;
  }

  async take(row: AuditProof): Promise<Finding[]> {
    this.rows += 1;
    const findings = [
      ...this.gapBefore(row),
      ...this.checkKnown(row),
      ...(await this.checkLink(row)),
      ...(await this.checkDetails(row)),
    ];
    this.head = { seq: row.seq, hash: row.hash };
    return findings;
  }

  /** What only the end can tell. `waiting`: entries that are kept and not in the log yet. */
  finish({ waiting = 0 }: { waiting?: number } = {}): Finding[] {
    const { known } = this;
    const findings: Finding[] = [];
    if (known && known.seq > this.head.seq) {
      findings.push(missing(this.head.seq + 1, known.seq, 'they were there at the last verification'));
    }
    for (const [erasure, count] of this.blankedBy) {
      const signed = this.signedFor.get(erasure) ?? 0;
      if (signed === count) continue;
      if (!this.signedFor.has(erasure) && waiting > 0) {
        findings.push(pending(erasure, count));
        continue;
      }
      findings.push({
        seq: null,
        kind: 'changed',
        detail: `Details of ${count} rows were blanked in the name of ${erasure}, which signed for ${signed}.`,
      });
    }
    return findings;
  }

  private gapBefore({ seq }: AuditProof): Finding[] {
    const expected = this.head.seq + 1;
    return seq > expected ? [missing(expected, seq - 1, 'their numbers are skipped')] : [];
  }

  private checkKnown({ seq, hash }: AuditProof): Finding[] {
    const isOther = this.known?.seq === seq && this.known.hash !== hash;
    return isOther ? [changed(seq, 'its hash was another at the last verification')] : [];
  }

  private async checkLink({ seq, entry, prevHash, hash }: AuditProof): Promise<Finding[]> {
    const wasMisplaced = this.isMisplaced;
    this.isMisplaced = false;
    const chained = readJson(ChainedEntry, entry);
    if (!chained) return [changed(seq, NO_ENTRY)];
    if ((await linkHash(prevHash, entry, this.sha256)) !== hash) {
      return [changed(seq, 'its hash is not that of its content')];
    }
    if (chained.seq !== seq) {
      this.isMisplaced = true;
      return [{ seq, kind: 'reordered', detail: `Row ${seq} was written as row ${chained.seq} and stands here now.` }];
    }
    // What follows a row that does not belong there, or a gap, says nothing more.
    const follows = wasMisplaced || seq !== this.head.seq + 1 || prevHash === this.head.hash;
    return follows ? [] : [changed(this.head.seq, `row ${seq} was chained to something else`)];
  }

  private async checkDetails({ seq, entry, salt, facts, erasedBy, hasDetails }: AuditProof): Promise<Finding[]> {
    if (!hasDetails) return [changed(seq, 'its details are gone without an erasure')];
    if (facts === null) return this.countBlanked(seq, erasedBy);
    const chained = readJson(ChainedEntry, entry);
    if (!chained || (await this.sha256((salt ?? '') + facts)) !== chained.facts) {
      return [changed(seq, 'its details are not those that were written')];
    }
    const after = chained.action === 'user.erased' ? readJson(AuditFacts, facts)?.after : null;
    if (typeof after?.erasure === 'string' && typeof after.entriesBlanked === 'number') {
      this.signedFor.set(after.erasure, after.entriesBlanked);
    }
    return [];
  }

  private countBlanked(seq: number, erasedBy: string | null): Finding[] {
    if (erasedBy === null) return [changed(seq, 'its details are blank without an erasure')];
    this.blanked += 1;
    this.blankedBy.set(erasedBy, (this.blankedBy.get(erasedBy) ?? 0) + 1);
    return [];
  }
}

const pending = (erasure: string, count: number): Finding => ({
  seq: null,
  kind: 'pending',
  detail: `Details of ${count} rows were blanked in the name of ${erasure}, whose signature is not in the log yet. Verify again in a few minutes.`,
});

/** A row of which not even the fields are those of the log. Its number may be lost, too. */
export const noRow = (seq: number | null): Finding =>
  seq === null ? { seq, kind: 'changed', detail: `A row was changed: ${NO_ENTRY}.` } : changed(seq, NO_ENTRY);

const NO_ENTRY = 'its content is no entry of the log';

const changed = (seq: number, how: string): Finding => ({
  seq,
  kind: 'changed',
  detail: `Row ${seq} was changed: ${how}.`,
});

const missing = (from: number, to: number, how: string): Finding => ({
  seq: from,
  kind: 'missing',
  detail: from === to ? `Row ${from} is missing (${how}).` : `Rows ${from} to ${to} are missing (${how}).`,
});

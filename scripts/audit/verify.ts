// Verifies the audit log of a running Footlight: reads every row through the API and recomputes the chain here.
import { createHash } from 'node:crypto';
import type { ChainHead } from '../../src/domain/audit/chain.ts';
import { ChainReader, type Finding, noRow } from '../../src/domain/audit/verify.ts';
import { AuditPage, AuditProof } from '../../src/protocol/audit-log.ts';

const READ_LIMIT_MS = 15 * 60_000;
/** One is enough to fail; more than these help nobody. */
const FINDINGS_MAX = 50;
const WAITING = AuditPage.pick({ waiting: true });

export interface Verification {
  findings: Finding[];
  rows: number;
  blanked: number;
  head: ChainHead;
}

/** `known`: a head that an earlier verification ended with. Throws when the log cannot be read. */
export async function verifyAuditLog({
  base,
  token,
  known,
}: {
  base: string;
  token: string;
  known: ChainHead | null;
}): Promise<Verification> {
  const signal = AbortSignal.timeout(READ_LIMIT_MS);
  const read = async (query: string): Promise<Response> => {
    const response = await fetch(`${base}/api/v1/audit?${query}`, {
      headers: { authorization: `Bearer ${token}` },
      signal,
    });
    if (response.ok) return response;
    throw new Error(`The audit log could not be read (${response.status}): ${(await response.text()).slice(0, 300)}`);
  };
  const countWaiting = async (): Promise<number> => WAITING.parse(await (await read('limit=1')).json()).waiting;
  // Asked before and after: what waited may be in the log by its end, and what is read early may be signed for late.
  const waitingBefore = await countWaiting();
  const { body } = await read('format=ndjson');
  if (!body) throw new Error('The audit log came without a body.');
  const reader = new ChainReader(sha256, known);
  const findings: Finding[] = [];
  for await (const line of linesOf(body)) {
    if (findings.length >= FINDINGS_MAX) break;
    const { seq, proof } = JSON.parse(line);
    const { data: row } = AuditProof.safeParse(proof);
    findings.push(...(row ? await reader.take(row) : [noRow(Number.isInteger(seq) ? seq : null)]));
  }
  if (findings.length < FINDINGS_MAX)
    findings.push(...reader.finish({ waiting: waitingBefore + (await countWaiting()) }));
  const { rows, blanked, head } = reader;
  return { findings, rows, blanked, head };
}

const sha256 = async (text: string): Promise<string> => createHash('sha256').update(text).digest('hex');

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  // The connection broke in the middle of a row: what was read says nothing of the rest.
  if (rest !== '') throw new Error('The audit log broke off while it was read. Try again.');
}

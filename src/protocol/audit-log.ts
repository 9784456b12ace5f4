// The audit log as it is kept and as it is read: entries in a chain of hashes, and what they say of people beside it.
import { z } from 'zod';
import { AuditAction, AuditEntry, Facts } from './audit.ts';
import { AuditId } from './ids.ts';

/** What is hashed into the chain. People appear under pseudonyms; what is said of them as SHA-256(salt + facts). */
export const ChainedEntry = AuditEntry.pick({ id: true, atMs: true, actor: true, action: true, target: true }).extend({
  seq: z.number().int().positive(),
  facts: z.string().describe('SHA-256 of the salt and the facts, in hex'),
});
export type ChainedEntry = z.infer<typeof ChainedEntry>;

/** What an entry says of people: kept beside the chain, and blanked when they are forgotten. */
export const AuditFacts = AuditEntry.pick({
  before: true,
  after: true,
  reason: true,
  requestId: true,
  network: true,
});
export type AuditFacts = z.infer<typeof AuditFacts>;

export const AuditRecord = z.object({
  seq: z.number().int(),
  id: AuditId,
  at: z.iso.datetime(),
  actor: AuditEntry.shape.actor.extend({
    id: z.string().nullable().describe('A user, an app or a node; a pseudonym (pp_...) of a person who was forgotten'),
    name: z.string().nullable(),
  }),
  action: AuditAction,
  target: z.object({ type: z.string(), id: z.string(), name: z.string().nullable() }).nullable(),
  before: Facts.nullable(),
  after: Facts.nullable(),
  reason: z.string().nullable(),
  requestId: z.string().nullable(),
  network: z.string().nullable(),
  erasedBy: z.string().nullable().describe('The erasure that blanked what this said of a person'),
});
export type AuditRecord = z.infer<typeof AuditRecord>;

/** What `npm run audit:verify` reads of a row: the stored bytes themselves. */
export const AuditProof = z.object({
  seq: z.number().int(),
  entry: z.string(),
  prevHash: z.string(),
  hash: z.string(),
  salt: z.string().nullable(),
  facts: z.string().nullable(),
  /** The id of an erasure, if nobody has tampered with it. */
  erasedBy: z.string().nullable(),
  /** False: the row of the details is not there at all. */
  hasDetails: z.boolean(),
});
export type AuditProof = z.infer<typeof AuditProof>;

/** One line of the NDJSON export. */
export const AuditLine = AuditRecord.extend({ proof: AuditProof });
export type AuditLine = z.infer<typeof AuditLine>;

export const AUDIT_FORMATS = ['json', 'csv', 'ndjson'] as const;
export type AuditFormat = (typeof AUDIT_FORMATS)[number];

export const ListAuditQuery = z.object({
  actor: z.string().min(1).max(60).optional().describe('The id of a user, an app or a node, or a pseudonym'),
  action: AuditAction.optional(),
  target: z.string().min(1).max(60).optional().describe('The id of what it was done to'),
  since: z.iso.datetime().optional(),
  until: z.iso.datetime().optional().describe('Before this moment'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(200).optional(),
  format: z.enum(AUDIT_FORMATS).optional().describe('csv and ndjson export everything that fits, oldest first'),
});
export type ListAuditQuery = z.infer<typeof ListAuditQuery>;

export const AuditPage = z.object({
  events: z.array(AuditRecord),
  nextCursor: z.string().nullable(),
  waiting: z.number().int().describe('Entries that are kept and not in the log yet'),
  unreadable: z.number().int().describe('Entries that are kept and do not fit the log: somebody has to look'),
});
export type AuditPage = z.infer<typeof AuditPage>;

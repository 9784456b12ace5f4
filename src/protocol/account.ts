// The words of leaving: what an account holds, and the receipt of its erasure.
import { z } from 'zod';
import { ErasureId } from './ids.ts';

export const EraseAccount = z.object({
  confirm: z.string().max(100).describe('Your handle, so that nobody is erased by mistake'),
});
export type EraseAccount = z.infer<typeof EraseAccount>;

export const ErasureReceipt = z.object({
  id: ErasureId,
  erasedAt: z.iso.datetime(),
  counts: z.record(z.string(), z.number().int()).describe('Rows that were deleted or emptied, by table'),
});
export type ErasureReceipt = z.infer<typeof ErasureReceipt>;

/** One list of rows per table, with its columns. */
export const AccountExport = z
  .object({ exportedAt: z.iso.datetime() })
  .catchall(z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))));
export type AccountExport = z.infer<typeof AccountExport>;

// Media in R2: whole objects in, whole objects or ranges out.

export type MediaType = 'video/mp4' | 'image/jpeg';

/** A put that takes longer than this counts as failed; the object may still appear, with the same bytes. */
const PUT_LIMIT_MS = 10_000;

export async function putMedia(bucket: R2Bucket, key: string, body: Uint8Array, contentType: MediaType): Promise<void> {
  const put = bucket.put(key, body, { httpMetadata: { contentType } });
  const { promise: limit, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`R2 did not take ${key} within ${PUT_LIMIT_MS} ms.`)), PUT_LIMIT_MS);
  await Promise.race([put, limit]).finally(() => clearTimeout(timer));
}

/** Null when the object is not there. */
export async function readMedia(
  bucket: R2Bucket,
  { key, offset, length }: { key: string; offset: number; length: number },
): Promise<Uint8Array | null> {
  const object = await bucket.get(key, { range: { offset, length } });
  return object ? new Uint8Array(await object.arrayBuffer()) : null;
}

/** R2 lists and deletes a thousand objects at a time: that is a page. `isDone`: nothing is left below `prefix`. */
export async function deleteMediaUnder(
  bucket: R2Bucket,
  { prefix, pagesMax }: { prefix: string; pagesMax: number },
): Promise<{ isDone: boolean; pages: number }> {
  for (let pages = 1; pages <= pagesMax; pages++) {
    const { objects, truncated } = await bucket.list({ prefix });
    if (objects.length > 0) await bucket.delete(objects.map(({ key }) => key));
    if (!truncated) return { isDone: true, pages };
  }
  return { isDone: false, pages: pagesMax };
}

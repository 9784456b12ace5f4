// Bytes of segments in memory: all that are not stored yet, and the newest stored ones up to a bound.

/** Stored segments kept for the readers at the edge of the stream; the oldest go first. */
const KEPT_BYTES = 24 * 1024 * 1024;

interface Hot {
  chunks: Uint8Array[];
  byteLength: number;
}

export class HotBytes {
  private readonly unstored = new Map<string, Hot>();
  private readonly stored = new Map<string, Hot>();
  private storedBytes = 0;
  private unstoredByteCount = 0;

  get unstoredBytes(): number {
    return this.unstoredByteCount;
  }

  /** Appends a copy: the frame that the payload is a view on may be large. */
  add(key: string, payload: Uint8Array): void {
    const hot = this.unstored.get(key) ?? { chunks: [], byteLength: 0 };
    hot.chunks.push(payload.slice());
    hot.byteLength += payload.byteLength;
    this.unstoredByteCount += payload.byteLength;
    this.unstored.set(key, hot);
  }

  /** Null when they are not in memory. */
  read(key: string, offset: number, length: number): Uint8Array | null {
    const hot = this.unstored.get(key) ?? this.stored.get(key);
    if (!hot || offset + length > hot.byteLength) return null;
    const out = new Uint8Array(length);
    let at = 0;
    for (const chunk of hot.chunks) {
      const from = Math.max(0, offset - at);
      const upTo = Math.min(chunk.length, offset + length - at);
      if (from < upTo) out.set(chunk.subarray(from, upTo), at + from - offset);
      at += chunk.length;
    }
    return out;
  }

  /** They are in the store now, and may be forgotten. */
  release(key: string): void {
    const hot = this.take(key);
    if (!hot) return;
    this.stored.set(key, hot);
    this.storedBytes += hot.byteLength;
    for (const [oldest, { byteLength }] of this.stored) {
      if (this.storedBytes <= KEPT_BYTES) break;
      this.stored.delete(oldest);
      this.storedBytes -= byteLength;
    }
  }

  /** They will never be stored. */
  drop(key: string): void {
    this.take(key);
  }

  private take(key: string): Hot | undefined {
    const hot = this.unstored.get(key);
    if (!hot) return undefined;
    this.unstored.delete(key);
    this.unstoredByteCount -= hot.byteLength;
    return hot;
  }
}

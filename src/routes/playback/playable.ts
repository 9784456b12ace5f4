// Which stream an address means and who may play it, looked up before any origin is touched: an unknown id must not create an object.
import { ChannelId, StreamId } from '../../protocol/ids.ts';
import { resolvePlayable } from '../../storage/streams.ts';
import type { Gate } from '../viewers.ts';

/** A stream id means one stream for good, but its owner may shut it; a channel moves on to its next one. */
const STREAM_KNOWN_MS = 5000;
const CHANNEL_KNOWN_MS = 1000;
const UNKNOWN_MS = 1000;
/** Ids remembered in this isolate; beyond, the oldest is looked up again. */
const MAX_KNOWN = 2000;

const known = new Map<string, { stream: Promise<Gate | null>; untilMs: number }>();

export function findPlayable(
  db: D1Database,
  id: string,
  { nowMs, waitUntil }: { nowMs: number; waitUntil(work: Promise<unknown>): void },
): Promise<Gate | null> {
  const isChannel = ChannelId.safeParse(id).success;
  if (!isChannel && !StreamId.safeParse(id).success) return Promise.resolve(null);
  const found = known.get(id);
  if (found && found.untilMs > nowMs) return found.stream;
  const entry = {
    stream: resolvePlayable(db, id).then(
      (stream) => stream && { id: stream.id, visibility: stream.visibility, gateAtMs: stream.gateAtMs },
    ),
    untilMs: nowMs + (isChannel ? CHANNEL_KNOWN_MS : STREAM_KNOWN_MS),
  };
  known.delete(id);
  known.set(id, entry);
  if (known.size > MAX_KNOWN) known.delete(known.keys().next().value!);
  const noted = entry.stream.then(
    (stream) => {
      if (!stream) entry.untilMs = nowMs + UNKNOWN_MS;
    },
    // A failure is nobody's answer but that of those who wait for it now.
    () => {
      if (known.get(id) === entry) known.delete(id);
    },
  );
  // The others wait for it too: it is finished even when the first reader goes away.
  waitUntil(noted);
  return entry.stream;
}

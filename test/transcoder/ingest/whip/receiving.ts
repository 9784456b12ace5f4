// A receiver with its events written down, for the media tests.
import type { SessionId } from '../../../../src/protocol/ids.ts';
import { WhipReceiver, type WhipReceiverOptions } from '../../../../transcoder/ingest/whip/receiver.ts';
import type { Frame, Source, SourceEvent, Track } from '../../../../transcoder/media.ts';
import type { Signal } from '../../../support/whip-publisher.ts';

export interface Receiving {
  receiver: WhipReceiver;
  sessionId: SessionId;
  /** For a WhipPublisher or a page. */
  signal: Signal;
  source: () => Source;
  etag: () => string;
  answer: () => string;
  events: SourceEvent[];
  frames(kind: Frame['kind']): Frame[];
  tracks(kind: Track['kind']): Track[];
  /** Resolves once `question` is true; fails after `limitMs` with what it was about. */
  until(what: string, question: () => boolean, limitMs?: number): Promise<void>;
}

export function startReceiving(options: WhipReceiverOptions = {}): Receiving {
  const receiver = new WhipReceiver(options);
  const sessionId = 'se_testtesttest' as SessionId;
  const events: SourceEvent[] = [];
  let source: Source | null = null;
  let etag = '';
  let answer = '';
  return {
    receiver,
    sessionId,
    events,
    signal: {
      offer: async (offer) => {
        const accepted = await receiver.accept({ sessionId, offer, remoteAddress: '127.0.0.1' });
        ({ source, etag, answer } = accepted);
        source.start((event) => events.push(event));
        return answer;
      },
      remove: async () => (receiver.remove(sessionId) ? 200 : 404),
    },
    source: () => source!,
    etag: () => etag,
    answer: () => answer,
    frames: (kind) =>
      events.flatMap((event) => (event.type === 'frame' && event.frame.kind === kind ? [event.frame] : [])),
    tracks: (kind) =>
      events.flatMap((event) => (event.type === 'track' && event.track.kind === kind ? [event.track] : [])),
    until: async (what, question, limitMs = 10_000) => {
      const endMs = Date.now() + limitMs;
      while (!question()) {
        if (Date.now() > endMs) throw new Error(`not within ${limitMs} ms: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
}

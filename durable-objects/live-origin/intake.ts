// Takes the frames of the publisher: asks the timeline, keeps the bytes, and acknowledges what is stored.
import type { Segment } from '../../src/domain/hls/segments.ts';
import type { Timeline, TimelineOutput } from '../../src/domain/hls/timeline.ts';
import type { PublishFrame } from '../../src/protocol/ingest.ts';
import type { PublisherSocket } from './publisher.ts';
import { placeOf, type Recorder } from './recorder.ts';

export type SeqFrame = Extract<PublishFrame, { seq: number }>;

/** What a frame did, beyond the timeline itself. */
export interface Effects {
  /** At least one segment is whole now. */
  completedSegment: boolean;
}

export class Intake {
  private readonly timeline: Timeline;
  private readonly recorder: Recorder;

  constructor(timeline: Timeline, recorder: Recorder) {
    this.timeline = timeline;
    this.recorder = recorder;
  }

  receive(publisher: PublisherSocket, frame: SeqFrame, payload: Uint8Array): Effects {
    const refuse = (output: Extract<TimelineOutput, { type: 'refused' }>) =>
      publisher.say({ type: 'refused', seq: frame.seq, code: output.code, detail: output.detail });
    const effects = this.carryOut(this.ask(frame, payload), payload, refuse);
    this.recorder.reserve(this.timeline.nextMsn);
    const waitsFor = 'msn' in frame ? this.recorder.unsettledPlace(frame) : null;
    publisher.acknowledgements.receive(frame.seq, waitsFor);
    for (const place of this.recorder.forgetAbandoned(this.timeline)) publisher.acknowledgements.settle(place);
    return effects;
  }

  /** No more media will come: what was begun becomes whole. */
  close(): Effects {
    return this.carryOut(this.timeline.close(), new Uint8Array(0), () => undefined);
  }

  /** The recorder has settled a segment. */
  settled(publisher: PublisherSocket | null, segment: Segment, isStored: boolean): void {
    if (!isStored) this.timeline.markGap(segment.rendition, segment.msn);
    publisher?.acknowledgements.settle(placeOf(segment));
  }

  private ask(frame: SeqFrame, payload: Uint8Array): TimelineOutput[] {
    switch (frame.type) {
      case 'init':
        this.recorder.takeInit(frame, payload);
        return [];
      case 'goodbye':
        return this.timeline.close();
      default:
        return this.timeline.receive(frame, payload.byteLength);
    }
  }

  private carryOut(
    outputs: TimelineOutput[],
    payload: Uint8Array,
    refuse: (output: Extract<TimelineOutput, { type: 'refused' }>) => void,
  ): Effects {
    const effects: Effects = { completedSegment: false };
    for (const output of outputs) {
      switch (output.type) {
        case 'chunk_taken':
          this.recorder.takeChunk(output.frame, payload);
          break;
        case 'segment':
          this.recorder.takeSegment(output.segment);
          effects.completedSegment ||= !output.segment.isGap;
          break;
        case 'generation':
          this.recorder.takeGeneration(output.generation);
          break;
        case 'refused':
          refuse(output);
          break;
        case 'known':
          break;
        default:
          output satisfies never;
      }
    }
    return effects;
  }
}

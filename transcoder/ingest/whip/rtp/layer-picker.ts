// Simulcast: of the layers that a sender offers, only the largest picture is used. Pure.
import type { AssembledFrame } from './frame-assembler.ts';
import type { RtpPacket } from './packet.ts';

/** From the first packet: all layers of one camera start together, and waiting costs delay at the start only. */
const DECIDE_AFTER_MS = 1500;
/** Of all layers together, until it is decided: 2 s of four layers. */
const MOST_HELD = 240;

export class LayerPicker {
  readonly #expected: number;
  #isOpen = true;
  #beganMs: number | null = null;
  #held: { ssrc: number; frame: AssembledFrame }[] = [];
  /** Media SSRC of each rid, to find the layer that a retransmission belongs to. */
  #ssrcOfRid = new Map<string, number>();
  #mediaOfRepair = new Map<number, number>();

  constructor(layers: number) {
    this.#expected = layers;
  }

  /** Not decided yet. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  begin(nowMs: number): void {
    this.#beganMs ??= nowMs;
  }

  see(packet: RtpPacket, ridExtension: number | null): void {
    const rid = textOf(packet, ridExtension);
    if (rid !== null && (this.#ssrcOfRid.size < 8 || this.#ssrcOfRid.has(rid))) this.#ssrcOfRid.set(rid, packet.ssrc);
  }

  /** The media SSRC that a retransmission is for; null when nobody said so. */
  mediaOf(packet: RtpPacket, repairedRidExtension: number | null): number | null {
    const rid = textOf(packet, repairedRidExtension);
    const media = rid === null ? undefined : this.#ssrcOfRid.get(rid);
    if (media !== undefined && this.#mediaOfRepair.size < 8) this.#mediaOfRepair.set(packet.ssrc, media);
    // Senders stop to name the layer once they know that it was understood.
    return media ?? this.#mediaOfRepair.get(packet.ssrc) ?? null;
  }

  hold(ssrc: number, frame: AssembledFrame): void {
    if (this.#held.length < MOST_HELD) this.#held.push({ ssrc, frame });
  }

  /** The chosen layer with the frames that it has sent so far, once; null before. */
  pick(nowMs: number): { ssrc: number; frames: AssembledFrame[] } | null {
    const openings = this.#held.filter(({ frame }) => frame.parameters);
    const seen = new Set(openings.map(({ ssrc }) => ssrc)).size;
    if (!openings[0] || (seen < this.#expected && nowMs - this.#beganMs! < DECIDE_AFTER_MS)) return null;
    const { ssrc } = openings.reduce((best, each) => (areaOf(each.frame) > areaOf(best.frame) ? each : best));
    const frames = this.#held.flatMap((each) => (each.ssrc === ssrc ? [each.frame] : []));
    this.#isOpen = false;
    this.#held = [];
    return { ssrc, frames };
  }
}

const areaOf = ({ parameters }: AssembledFrame): number => (parameters ? parameters.width * parameters.height : 0);

function textOf(packet: RtpPacket, extension: number | null): string | null {
  const bytes = extension === null ? undefined : packet.extensions?.get(extension);
  return bytes ? new TextDecoder().decode(bytes) : null;
}

// Microphone and screen sound in one track that never stops, so that muting or swapping sources changes nothing on the wire.

export interface Mixer {
  /** The mix; silence while nothing is plugged in. */
  readonly track: MediaStreamTrack;
  plug(source: 'microphone' | 'screen', track: MediaStreamTrack | null): void;
  setMuted(isMuted: boolean): void;
  /** 0 to 1, of the microphone and the screen together. */
  level(): number;
  close(): void;
}

/** Call from a click: browsers start no audio before one. */
export function createMixer(): Mixer {
  const context = new AudioContext({ latencyHint: 'interactive' });
  void context.resume();
  const output = context.createMediaStreamDestination();
  const meter = context.createAnalyser();
  meter.fftSize = 512;
  const microphone = context.createGain();
  const screen = context.createGain();
  // A source of zeros keeps the encoder fed: a track that goes quiet for good looks like a broken one.
  const silence = context.createConstantSource();
  silence.offset.value = 0;
  silence.connect(output);
  silence.start();
  for (const gain of [microphone, screen]) {
    gain.connect(output);
    gain.connect(meter);
  }
  const plugged = new Map<string, MediaStreamAudioSourceNode>();
  const samples = new Float32Array(meter.fftSize);
  const track = output.stream.getAudioTracks()[0];
  if (!track) throw new DOMException('The browser makes no audio track', 'NotSupportedError');

  return {
    track,
    plug(source, input) {
      plugged.get(source)?.disconnect();
      plugged.delete(source);
      if (input === null) return;
      const node = context.createMediaStreamSource(new MediaStream([input]));
      node.connect(source === 'microphone' ? microphone : screen);
      plugged.set(source, node);
    },
    setMuted(isMuted) {
      // A short ramp: a hard cut clicks.
      microphone.gain.setTargetAtTime(isMuted ? 0 : 1, context.currentTime, 0.015);
    },
    level() {
      meter.getFloatTimeDomainData(samples);
      return Math.min(1, Math.max(...samples.map(Math.abs)));
    },
    close() {
      for (const node of plugged.values()) node.disconnect();
      plugged.clear();
      void context.close();
    },
  };
}

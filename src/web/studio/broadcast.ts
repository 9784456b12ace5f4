// One broadcast from this browser: sources in, WHIP out; everything the panel shows stands in its signals.
import { signal } from '@preact/signals';
import {
  captureCamera,
  captureMicrophone,
  captureProblem,
  captureScreen,
  listDevices,
  PICTURE_QUALITIES,
  type PictureQualityName,
  type VideoSource,
} from './capture.ts';
import { createMixer, type Mixer } from './mixer.ts';
import { readSender, type SenderCounters, type SenderHealth, type StatsEntry } from './sender-stats.ts';
import { publishWhip, type WhipPublisher, type WhipState } from './whip.ts';

type Devices = { cameras: { id: string; label: string }[]; microphones: { id: string; label: string }[] };

export type Broadcast = ReturnType<typeof createBroadcast>;

export function createBroadcast() {
  const source = signal<VideoSource | null>(null);
  const preview = signal<MediaStreamTrack | null>(null);
  const isMuted = signal(false);
  const hasMicrophone = signal(false);
  const problem = signal<string | null>(null);
  const sending = signal<WhipState>({ kind: 'stopped' });
  const health = signal<SenderHealth | null>(null);
  const devices = signal<Devices>({ cameras: [], microphones: [] });
  const cameraId = signal<string | null>(null);
  const microphoneId = signal<string | null>(null);
  const quality = signal<PictureQualityName>('720');

  let mixer: Mixer | null = null;
  let microphone: MediaStreamTrack | null = null;
  let screenAudio: MediaStreamTrack | null = null;
  let publisher: WhipPublisher | null = null;
  let counters: SenderCounters | null = null;

  const refreshDevices = async () => {
    const [cameras, microphones] = await Promise.all([listDevices('videoinput'), listDevices('audioinput')]);
    devices.value = { cameras, microphones };
  };

  /** The new picture first, then the old one goes: the encoder never starves. */
  const show = async (track: MediaStreamTrack, from: VideoSource) => {
    const old = preview.peek();
    preview.value = track;
    source.value = from;
    await publisher?.replaceVideo(track);
    old?.stop();
    track.addEventListener('ended', () => {
      // "Stop sharing" in the browser's own bar, or a camera that was unplugged.
      if (preview.peek() === track) void (from === 'screen' ? useCamera() : lostCamera());
    });
  };

  const lostCamera = () => {
    problem.value = 'Your camera was unplugged. Plug it in, or share your screen.';
  };

  const plugScreenAudio = (track: MediaStreamTrack | null) => {
    screenAudio?.stop();
    screenAudio = track;
    mixer?.plug('screen', track);
  };

  const useMicrophone = async (deviceId: string | null = microphoneId.peek()) => {
    mixer ??= createMixer();
    microphoneId.value = deviceId;
    try {
      const track = await captureMicrophone(deviceId);
      microphone?.stop();
      microphone = track;
      microphoneId.value = track.getSettings().deviceId ?? deviceId;
      mixer.plug('microphone', track);
      hasMicrophone.value = true;
    } catch (error) {
      // A broadcast without a voice is still a broadcast.
      hasMicrophone.value = microphone !== null;
      problem.value = captureProblem(error, 'microphone');
    }
  };

  const useCamera = async (deviceId: string | null = cameraId.peek()) => {
    cameraId.value = deviceId;
    problem.value = null;
    try {
      const track = await captureCamera(PICTURE_QUALITIES[quality.peek()], deviceId);
      cameraId.value = track.getSettings().deviceId ?? deviceId;
      await show(track, 'camera');
      plugScreenAudio(null);
      if (!microphone) await useMicrophone();
    } catch (error) {
      problem.value = captureProblem(error, 'camera');
    }
    await refreshDevices();
  };

  const useScreen = async () => {
    problem.value = null;
    try {
      const { video, audio } = await captureScreen(PICTURE_QUALITIES[quality.peek()]);
      await show(video, 'screen');
      if (!microphone) await useMicrophone();
      plugScreenAudio(audio);
    } catch (error) {
      problem.value = captureProblem(error, 'screen');
    }
    await refreshDevices();
  };

  const timer = setInterval(async () => {
    const report = await publisher?.peer()?.getStats();
    if (!report) {
      health.value = null;
      counters = null;
      return;
    }
    const read = readSender([...report.values()] as StatsEntry[], counters);
    counters = read.counters;
    health.value = read.health;
  }, 1000);

  const stop = async () => {
    const stopping = publisher;
    publisher = null;
    await stopping?.stop();
  };

  return {
    source,
    preview,
    isMuted,
    hasMicrophone,
    problem,
    sending,
    health,
    devices,
    cameraId,
    microphoneId,
    quality,
    useCamera,
    useScreen,
    useMicrophone,
    level: () => mixer?.level() ?? 0,
    toggleMute() {
      isMuted.value = !isMuted.peek();
      mixer?.setMuted(isMuted.peek());
    },
    async setQuality(name: PictureQualityName) {
      quality.value = name;
      const { width, height, maxBitrate } = PICTURE_QUALITIES[name];
      const camera = source.peek() === 'camera' ? preview.peek() : null;
      await camera?.applyConstraints({ width: { ideal: width }, height: { ideal: height } }).catch(() => undefined);
      await publisher?.setMaxVideoBitrate(maxBitrate);
    },
    /** Needs a picture. The key is used for this session and not kept. */
    start(url: string, streamKey: string) {
      const video = preview.peek();
      if (!video || publisher) return;
      mixer ??= createMixer();
      mixer.setMuted(isMuted.peek());
      publisher = publishWhip({
        url,
        streamKey,
        video,
        audio: mixer.track,
        maxVideoBitrate: PICTURE_QUALITIES[quality.peek()].maxBitrate,
        onState(state) {
          sending.value = state;
          if (state.kind === 'failed') publisher = null;
        },
      });
    },
    stop,
    async destroy() {
      clearInterval(timer);
      await stop();
      for (const track of [preview.peek(), microphone, screenAudio]) track?.stop();
      mixer?.close();
    },
  };
}

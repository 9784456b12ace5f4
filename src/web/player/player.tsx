// The player as people see it: video, controls, and what lies over the picture while there is none.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Icon } from '../components/icon.tsx';
import { createEngine, type PlayerEngine } from './engine.ts';
import { LatencyReadout } from './latency-readout.tsx';
import { exposePlayer } from './measure.ts';
import { PhaseOverlay } from './phase-overlay.tsx';
import './player.css';
import { session } from '../session.ts';
import type { followStream } from './follow-stream.ts';
import { QualityMenu } from './quality-menu.tsx';
import { takeVideo } from './stage.ts';
import type { ViewerPass } from './viewer-pass.ts';
import { type WatchPhase, watchPhase } from './watch-phase.ts';

/** Without a picture the controls come after this. */
const CONTROLS_LIMIT_MS = 1500;
const CONTROLS_REST_MS = 700;

interface PlayerProps {
  sourceUrl: string;
  stream: ReturnType<typeof followStream>;
  pass: ViewerPass;
  /** Called whenever the page's face changes. */
  onPhase(phase: WatchPhase): void;
  /** Once, when there is one. */
  onEngine(engine: PlayerEngine): void;
}

export function Player({ sourceUrl, stream, pass, onPhase, onEngine }: PlayerProps) {
  const video = useMemo(takeVideo, []);
  const controller = useRef<HTMLElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const [engine, setEngine] = useState<PlayerEngine | null>(null);

  useLayoutEffect(() => {
    if (!controller.current || !still.current) return;
    video.slot = 'media';
    video.tabIndex = -1;
    video.dataset.testid = 'video';
    controller.current.prepend(video);
    const created = createEngine(video, still.current, pass.current);
    created.open(sourceUrl);
    setEngine(created);
    onEngine(created);
    const controls = loadControls(video);
    return () => {
      controls.cancel();
      created.destroy();
    };
  }, [sourceUrl, pass, video, onEngine]);

  return (
    <div class="player" id="player" data-testid="player">
      <media-controller
        ref={controller}
        defaultstreamtype="live"
        fullscreenelement="player"
        noautoseektolive
        novolumepref
        nomutedpref
        autohide="3"
      >
        <media-control-bar>
          <media-play-button />
          <media-mute-button data-testid="mute" />
          <media-volume-range />
          {engine && <GoLive engine={engine} />}
          {engine && <LatencyReadout engine={engine} serverNowMs={stream.serverNowMs} />}
          <span class="player-spring" />
          {engine && <QualityMenu engine={engine} />}
          <media-pip-button data-testid="pip" />
          <media-fullscreen-button data-testid="fullscreen" />
        </media-control-bar>
      </media-controller>
      <canvas ref={still} class="player-still" hidden />
      {engine && <Stage engine={engine} stream={stream} pass={pass} onPhase={onPhase} />}
    </div>
  );
}

/** The controls come a moment after the first picture, whose first second is the thinnest, or when somebody reaches for them. */
function loadControls(video: HTMLVideoElement): { cancel(): void } {
  const listening = new AbortController();
  const { signal } = listening;
  const load = () => {
    cancel();
    void import('./chrome.ts');
  };
  const cancel = () => {
    clearTimeout(timer);
    listening.abort();
  };
  let timer = setTimeout(load, CONTROLS_LIMIT_MS);
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(load, CONTROLS_REST_MS);
  };
  video.addEventListener('loadeddata', wait, { signal });
  for (const reach of ['pointermove', 'pointerdown', 'keydown']) addEventListener(reach, load, { signal });
  return { cancel };
}

/** Ties the picture to what the edge says: tells the engine the state, and draws the phase. */
function Stage({
  engine,
  stream,
  pass,
  onPhase,
}: Omit<PlayerProps, 'sourceUrl' | 'onEngine'> & { engine: PlayerEngine }) {
  const [, tick] = useState(0);
  const watch = stream.watch.value;
  const phase = watchPhase({
    watch,
    isMissing: stream.isMissing.value,
    ...engine.picture.value,
    nowMs: stream.serverNowMs(),
    entry: pass.entry.value,
    isSignedIn: session.value?.user != null,
  });
  const kind = phase.kind;
  const latestKind = useRef(kind);
  latestKind.current = kind;

  useEffect(() => exposePlayer(engine, stream.serverNowMs, () => latestKind.current), [engine, stream]);
  useEffect(() => onPhase(phase), [kind]);
  useEffect(() => {
    if (kind !== 'scheduled') return;
    const timer = setInterval(() => tick((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, [kind]);

  const streamId = watch?.stream?.id ?? null;
  const state = watch?.stream?.state ?? null;
  const playedId = useRef<string | null>(null);
  useEffect(() => {
    if (streamId === null) return;
    const isAnother = playedId.current !== null && playedId.current !== streamId;
    playedId.current = streamId;
    engine.setState(state);
    if (isAnother) engine.reopen();
  }, [engine, streamId, state]);

  const isOut = kind === 'password' || kind === 'missing';
  const isIn = pass.entry.value.kind === 'in';
  useEffect(() => {
    // Behind a shut door there is no media to ask for.
    engine.setState(isOut ? 'waiting' : state);
    if (isIn) engine.reopen();
  }, [engine, isOut, isIn]);

  const outcome = engine.autoplayed.value;
  const isPlaying = kind === 'live' || kind === 'playing_out';
  return (
    <>
      {isPlaying && engine.quality.value.kind === 'audio' && engine.audioUrl.value !== null && (
        <p class="player-sound" data-testid="sound-alone">
          <Icon name="sound" />
          <strong>Sound alone</strong>
          <span>The quality menu brings the picture back.</span>
        </p>
      )}
      <PhaseOverlay phase={phase} hasPicture={engine.picture.value.hasPicture} onPassword={pass.knock} />
      {outcome === 'muted' && isPlaying && (
        <button type="button" class="player-unmute" onClick={engine.unmute} data-testid="unmute">
          <Icon name="sound" /> Tap for sound
        </button>
      )}
      {outcome === 'tap' && (
        <button type="button" class="player-tap" onClick={engine.unmute} data-testid="tap-to-play">
          <Icon name="play" />
          <span>Tap to play</span>
        </button>
      )}
    </>
  );
}

/** Red dot: at the edge. Grey: behind it, and the button takes you there. */
function GoLive({ engine }: { engine: PlayerEngine }) {
  const [isLive, setIsLive] = useState(true);
  useEffect(() => {
    const timer = setInterval(() => {
      const latency = engine.latencySeconds();
      const target = engine.targetSeconds();
      setIsLive(latency === null || target === null || (!engine.video.paused && latency < target + 1.5));
    }, 500);
    return () => clearInterval(timer);
  }, [engine]);
  return (
    <button
      type="button"
      class="go-live"
      data-live={isLive}
      data-testid="go-live"
      aria-label={isLive ? 'You are watching live' : 'Go to the live edge'}
      onClick={engine.goLive}
    >
      <span class="go-live-dot" aria-hidden="true" />
      {isLive ? 'Live' : 'Go live'}
    </button>
  );
}

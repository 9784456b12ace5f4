// Going live from this browser: preview, sources, sound, start and stop.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Icon } from '../components/icon.tsx';
import { type Broadcast, createBroadcast } from './broadcast.ts';
import { PICTURE_QUALITIES, type PictureQualityName } from './capture.ts';
import './go-live.css';
import { KeyPrompt } from './key-prompt.tsx';
import { senderAdvice } from './sender-stats.ts';
import type { WhipState } from './whip.ts';

interface GoLiveProps {
  whipUrl: string;
  streamKey: string | null;
  /** Why the stage is closed, or null: there is no stream to publish to, or another encoder is on. */
  blockedBy: string | null;
  /** The stream is over: what still sends here stops, or it would ask for another one. */
  hasEnded: boolean;
  onKey(streamKey: string): void;
  onNewKey(): void;
}

export function GoLive({ whipUrl, streamKey, blockedBy, hasEnded, onKey, onNewKey }: GoLiveProps) {
  const broadcast = useMemo(createBroadcast, []);
  useEffect(() => () => void broadcast.destroy(), [broadcast]);
  const sending = broadcast.sending.value;
  const isOn = sending.kind !== 'stopped' && sending.kind !== 'failed';
  const hasPicture = broadcast.preview.value !== null;
  const problem = broadcast.problem.value;
  const health = broadcast.health.value;
  const advice = health && senderAdvice(health);

  useEffect(() => {
    if (hasEnded) void broadcast.stop();
  }, [broadcast, hasEnded]);
  useEffect(() => {
    if (!isOn) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isOn]);

  return (
    <section class="card go-live-card" aria-labelledby="go-live-title">
      <div class="card-head">
        <h2 id="go-live-title">Go live from this browser</h2>
        <SendingBadge sending={sending} />
      </div>
      <Preview broadcast={broadcast} />
      <fieldset class="sources">
        <legend class="visually-hidden">Picture and sound</legend>
        <button
          type="button"
          class="button"
          aria-pressed={broadcast.source.value === 'camera'}
          onClick={() => broadcast.useCamera()}
          data-testid="use-camera"
        >
          <Icon name="camera" /> Camera
        </button>
        <button
          type="button"
          class="button"
          aria-pressed={broadcast.source.value === 'screen'}
          onClick={() => broadcast.useScreen()}
          data-testid="use-screen"
        >
          <Icon name="screen" /> Screen
        </button>
        <button
          type="button"
          class="button"
          aria-pressed={broadcast.isMuted.value}
          disabled={!hasPicture}
          onClick={broadcast.toggleMute}
          data-testid="mute-microphone"
        >
          <Icon name={broadcast.isMuted.value ? 'muted' : 'microphone'} /> {broadcast.isMuted.value ? 'Muted' : 'Mute'}
        </button>
      </fieldset>
      {hasPicture && <Devices broadcast={broadcast} />}
      {problem && (
        <p class="message message-bad" role="alert">
          {problem}
        </p>
      )}
      {sending.kind === 'failed' && (
        <p class="message message-bad" role="alert" data-testid="whip-problem">
          {sending.reason}
        </p>
      )}
      {sending.kind === 'reconnecting' && (
        <p class="message" role="status">
          {sending.reason} Trying again by itself (attempt {sending.attempt}); viewers keep their place.
        </p>
      )}
      {advice && <p class="message">{advice}</p>}
      {blockedBy && !isOn && <p class="message">{blockedBy}</p>}
      {streamKey === null && !isOn ? (
        <KeyPrompt onKey={onKey} onNewKey={onNewKey} />
      ) : isOn ? (
        <button
          type="button"
          class="button button-danger-solid go-live-button"
          onClick={broadcast.stop}
          data-testid="stop-broadcast"
        >
          <Icon name="stop" /> Stop sending
        </button>
      ) : (
        <button
          type="button"
          class="button button-primary go-live-button"
          disabled={!hasPicture || blockedBy !== null}
          onClick={() => streamKey && broadcast.start(whipUrl, streamKey)}
          data-testid="start-broadcast"
        >
          Go live
        </button>
      )}
      {!hasPicture && streamKey !== null && (
        <p class="muted go-live-hint">Choose camera or screen first; nothing is sent before you go live.</p>
      )}
    </section>
  );
}

function Preview({ broadcast }: { broadcast: Broadcast }) {
  const video = useRef<HTMLVideoElement>(null);
  const track = broadcast.preview.value;
  const health = broadcast.health.value;
  useEffect(() => {
    if (video.current) video.current.srcObject = track ? new MediaStream([track]) : null;
  }, [track]);
  return (
    <div class="preview" data-empty={track === null}>
      <video
        ref={video}
        autoPlay
        muted
        playsInline
        class={broadcast.source.value === 'camera' ? 'preview-mirrored' : undefined}
        aria-label="Preview of what you send"
        data-testid="preview"
      />
      {track === null && <p>Your picture appears here</p>}
      {track && <Level broadcast={broadcast} />}
      {health?.fps != null && (
        <span class="preview-facts" data-testid="sender-facts">
          {health.height ? `${health.height}p` : ''} {Math.round(health.fps)} fps
          {health.codec ? ` ${health.codec}` : ''}
        </span>
      )}
    </div>
  );
}

/** How loud it is, ten times a second. */
function Level({ broadcast }: { broadcast: Broadcast }) {
  const [level, setLevel] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setLevel(broadcast.level()), 100);
    return () => clearInterval(timer);
  }, [broadcast]);
  return (
    <span class="level" role="img" aria-label={broadcast.isMuted.value ? 'Muted' : 'Loudness'}>
      <span style={{ transform: `scaleX(${Math.sqrt(level).toFixed(3)})` }} />
    </span>
  );
}

function Devices({ broadcast }: { broadcast: Broadcast }) {
  const { cameras, microphones } = broadcast.devices.value;
  return (
    <div class="devices">
      <div class="field">
        <label for="camera-select">Camera</label>
        <select
          class="input"
          id="camera-select"
          disabled={broadcast.source.value !== 'camera'}
          value={broadcast.cameraId.value ?? ''}
          onChange={(event) => broadcast.useCamera(event.currentTarget.value)}
          data-testid="camera-select"
        >
          {cameras.map(({ id, label }) => (
            <option value={id} key={id}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="microphone-select">Microphone</label>
        <select
          class="input"
          id="microphone-select"
          value={broadcast.microphoneId.value ?? ''}
          onChange={(event) => broadcast.useMicrophone(event.currentTarget.value)}
          data-testid="microphone-select"
        >
          {microphones.length === 0 && <option value="">None</option>}
          {microphones.map(({ id, label }) => (
            <option value={id} key={id}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="picture-select">Picture</label>
        <select
          class="input"
          id="picture-select"
          value={broadcast.quality.value}
          onChange={(event) => broadcast.setQuality(event.currentTarget.value as PictureQualityName)}
          data-testid="picture-select"
        >
          {Object.entries(PICTURE_QUALITIES).map(([value, { name }]) => (
            <option value={value} key={value}>
              {name}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

const SENDING_WORDS: Record<WhipState['kind'], string> = {
  connecting: 'Connecting',
  live: 'Sending',
  reconnecting: 'Reconnecting',
  failed: 'Failed',
  stopped: 'Not sending',
};

function SendingBadge({ sending }: { sending: WhipState }) {
  return (
    <span class="sending" data-state={sending.kind} data-testid="sending-state" role="status">
      {SENDING_WORDS[sending.kind]}
    </span>
  );
}

// For OBS and other encoders: where to send, and the key, to copy.
import type { IngestUrls } from '../../protocol/api.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { Icon } from '../components/icon.tsx';
import './encoder-setup.css';

interface EncoderSetupProps {
  ingest: IngestUrls;
  /** Known only in the tab that it was shown in. */
  streamKey: string | null;
  keyHint: string | null;
  onNewKey(): void;
}

export function EncoderSetup({ ingest, streamKey, keyHint, onNewKey }: EncoderSetupProps) {
  return (
    <section class="card encoder-setup" aria-labelledby="encoder-title">
      <h2 id="encoder-title">Or send from OBS</h2>
      <CopyField label="RTMP server" value={ingest.rtmp} testId="rtmp-url" />
      {streamKey ? (
        <>
          <CopyField label="Stream key" value={streamKey} testId="stream-key" isSecret />
          <p class="message">
            Copy the key now: it is not shown again once this tab is closed. Who has it can broadcast in your name.
          </p>
        </>
      ) : (
        <div class="field">
          <span class="field-label">Stream key</span>
          <span class="copy-field">
            <code data-testid="stream-key-hint">{keyHint ? `ends in ${keyHint}` : 'none yet'}</code>
          </span>
        </div>
      )}
      <CopyField label="WHIP endpoint (the key is the bearer token)" value={ingest.whip} testId="whip-url" />
      <div class="row">
        <button type="button" class="button button-small" onClick={onNewKey} data-testid="rotate-key">
          <Icon name="key" /> Make a new key
        </button>
        <span class="muted encoder-note">Keyframes each 1 or 2 s, no B-frames, constant bitrate.</span>
      </div>
    </section>
  );
}

function CopyField({
  label,
  value,
  testId,
  isSecret = false,
}: {
  label: string;
  value: string;
  testId: string;
  isSecret?: boolean;
}) {
  return (
    <div class="field">
      <span class="field-label">{label}</span>
      <span class="copy-field">
        <code data-testid={testId} class={isSecret ? 'secret' : undefined} tabIndex={isSecret ? 0 : undefined}>
          {value}
        </code>
        <CopyButton text={value} label={`Copy ${label}`} testId={`copy-${testId}`} />
      </span>
    </div>
  );
}

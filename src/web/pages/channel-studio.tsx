// The studio of one channel: go live, set up an encoder, watch over the stream, end it.
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Channel, Stream } from '../../protocol/api.ts';
import { ApiError, api } from '../api.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Icon } from '../components/icon.tsx';
import { StateBadge } from '../components/state-badge.tsx';
import { useTitle } from '../components/use-title.ts';
import type { Route } from '../routes.ts';
import { EncoderSetup } from '../studio/encoder-setup.tsx';
import { GoLive } from '../studio/go-live.tsx';
import { HealthPanel } from '../studio/health-panel.tsx';
import { keepKey, keptKey } from '../studio/kept-keys.ts';
import { MembersBox } from '../studio/members-box.tsx';
import { RolesBox } from '../studio/roles-box.tsx';
import { SignedIn } from '../studio/signed-in.tsx';
import { type StreamDraft, StreamForm } from '../studio/stream-form.tsx';
import { GENRE_WORDS, LATENCY_WORDS, moment, VISIBILITY_WORDS } from '../words.ts';
import './channel-studio.css';

const EVERY_MS = 2000;

export function ChannelStudioPage({ route }: { route: Extract<Route, { name: 'channel' }> }) {
  return (
    <SignedIn>
      <ChannelStudio channelId={route.channelId} />
    </SignedIn>
  );
}

function ChannelStudio({ channelId }: { channelId: string }) {
  const [channel, setChannel] = useState<Channel | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [streamKey, setStreamKey] = useState(() => keptKey(channelId));
  const [asks, setAsks] = useState<'end' | 'key' | null>(null);
  useTitle(channel ? `${channel.name} · Studio` : 'Studio');

  const refresh = useCallback(async () => {
    try {
      setChannel(await api.channel(channelId));
      setProblem(null);
    } catch (error) {
      // What was known stays on the screen while the server is away.
      if (error instanceof ApiError && error.status !== 0 && error.status < 500) setProblem(error.message);
    }
  }, [channelId]);
  useEffect(() => {
    void refresh();
    const timer = setInterval(refresh, EVERY_MS);
    return () => clearInterval(timer);
  }, [refresh]);

  const useKey = (key: string) => {
    keepKey(channelId, key);
    setStreamKey(key);
  };
  const rotate = async () => {
    useKey((await api.rotateKey(channelId, false)).streamKey);
    await refresh();
  };
  const open = async ({ scheduledAt, ...draft }: StreamDraft) => {
    const created = await api.createStream({
      ...draft,
      channelId: channel?.id,
      ...(scheduledAt ? { scheduledAt } : {}),
    });
    if (created.streamKey) useKey(created.streamKey);
    await refresh();
  };

  if (problem) {
    return (
      <div class="notice" role="alert">
        <h1>This channel cannot be opened</h1>
        <p class="muted">{problem}</p>
        <a class="button" href="/studio">
          Back to your channels
        </a>
      </div>
    );
  }
  if (!channel) return <div class="page-loading" />;
  const stream = channel.currentStream;
  const isOpen = stream !== null && stream.state !== 'ended';

  return (
    <div class="channel-studio">
      {isOpen ? (
        <StreamHead stream={stream} watchUrl={channel.watchUrl} onEnd={() => setAsks('end')} onChanged={refresh} />
      ) : (
        <section class="card" aria-labelledby="open-title">
          <h1 id="open-title">{channel.name}</h1>
          <p class="muted open-hint">
            {stream ? 'The last stream has ended. Open the next one:' : 'Open the first stream of this channel:'}
          </p>
          <StreamForm submitWord="Open the stream" onSubmit={open} />
        </section>
      )}
      <div class="channel-columns">
        <GoLive
          whipUrl={channel.ingest.whip}
          streamKey={streamKey}
          blockedBy={blockedBy(stream)}
          hasEnded={stream?.state === 'ended'}
          onKey={useKey}
          onNewKey={() => setAsks('key')}
        />
        <div class="channel-side">
          {isOpen && stream.visibility === 'private' && <MembersBox streamId={stream.id} key={stream.id} />}
          <RolesBox channelId={channel.id} ownerName={channel.ownerName} />
          {isOpen && <HealthPanel streamId={stream.id} key={stream.id} />}
          <EncoderSetup
            ingest={channel.ingest}
            streamKey={streamKey}
            keyHint={channel.streamKeyHint}
            onNewKey={() => setAsks('key')}
          />
        </div>
      </div>
      {asks === 'end' && isOpen && (
        <ConfirmDialog
          title="End this stream for good?"
          confirmWord="End the stream"
          testId="end-dialog"
          onClose={() => setAsks(null)}
          onConfirm={async () => {
            await api.endStream(stream.id);
            await refresh();
          }}
        >
          Viewers see that it has ended, and your encoder is disconnected. To pause, stop sending instead: your place is
          kept for {stream.reconnectWindowSeconds} s.
        </ConfirmDialog>
      )}
      {asks === 'key' && (
        <ConfirmDialog
          title="Make a new stream key?"
          confirmWord="Make a new key"
          testId="key-dialog"
          onClose={() => setAsks(null)}
          onConfirm={rotate}
        >
          The old key is refused from now on; set the new one in every encoder. A broadcast that runs now goes on.
        </ConfirmDialog>
      )}
    </div>
  );
}

function blockedBy(stream: Stream | null): string | null {
  if (stream === null || stream.state === 'ended') return 'Open a stream above first; then you can go live.';
  if (stream.state === 'live') return 'An encoder is sending already. Stop it to send from this browser.';
  return null;
}

interface StreamHeadProps {
  stream: Stream;
  watchUrl: string;
  onEnd(): void;
  onChanged(): Promise<void>;
}

function StreamHead({ stream, watchUrl, onEnd, onChanged }: StreamHeadProps) {
  const [isEditing, setIsEditing] = useState(false);
  const save = async ({ latency: _fixed, ...changes }: StreamDraft) => {
    await api.updateStream(stream.id, changes);
    setIsEditing(false);
    await onChanged();
  };
  if (isEditing) {
    return (
      <section class="card">
        <StreamForm existing={stream} submitWord="Save" onSubmit={save} onCancel={() => setIsEditing(false)} />
      </section>
    );
  }
  return (
    <header class="stream-head">
      <div class="stream-words">
        <StateBadge state={stream.state} />
        <h1 data-testid="stream-title">{stream.title}</h1>
        <p class="muted">
          {GENRE_WORDS[stream.genre]} · {LATENCY_WORDS[stream.latency].name} delay ·{' '}
          {VISIBILITY_WORDS[stream.visibility].name}
          {stream.scheduledAt && stream.state === 'waiting' ? ` · ${moment(stream.scheduledAt)}` : ''}
        </p>
      </div>
      <div class="row">
        <button type="button" class="button button-small" onClick={() => setIsEditing(true)} data-testid="edit-stream">
          <Icon name="edit" /> Edit
        </button>
        <CopyButton text={watchUrl} label="Copy the link for viewers" word="Copy link" testId="copy-watch-url" />
        <a class="button button-small" href={`/moderate/${stream.channelId}`} data-testid="open-moderate">
          Moderate
        </a>
        <a class="button button-small" href={watchUrl} data-testid="open-watch">
          Watch page
        </a>
        <button type="button" class="button button-small button-danger" onClick={onEnd} data-testid="end-stream">
          End stream
        </button>
      </div>
    </header>
  );
}

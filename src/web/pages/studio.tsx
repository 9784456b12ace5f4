// The studio's foyer: your channels, and a new stream.
import type { Channel } from '../../protocol/api.ts';
import { api } from '../api.ts';
import { Icon } from '../components/icon.tsx';
import { StateBadge } from '../components/state-badge.tsx';
import { useList } from '../components/use-list.ts';
import { useTitle } from '../components/use-title.ts';
import { navigate } from '../router.ts';
import { keepKey } from '../studio/kept-keys.ts';
import { SignedIn } from '../studio/signed-in.tsx';
import { type StreamDraft, StreamForm } from '../studio/stream-form.tsx';
import { GENRE_WORDS, moment } from '../words.ts';
import './studio.css';

export function StudioPage() {
  useTitle('Studio');
  return (
    <SignedIn>
      <Foyer />
    </SignedIn>
  );
}

const listChannels = async () => (await api.myChannels()).channels;

function Foyer() {
  const { items: channels, problem } = useList(listChannels);

  const create = async ({ scheduledAt, ...draft }: StreamDraft) => {
    const created = await api.createStream(scheduledAt ? { ...draft, scheduledAt } : draft);
    if (created.streamKey) keepKey(created.channelId, created.streamKey);
    navigate(`/studio/${created.channelId}`);
  };

  return (
    <div class="foyer">
      <section aria-labelledby="channels-title">
        <h1 id="channels-title">Your channels</h1>
        {problem && (
          <p class="message message-bad" role="alert">
            {problem}
          </p>
        )}
        {channels?.length === 0 && <p class="muted">None yet. Your first stream opens one.</p>}
        <ul class="channel-list">
          {channels?.map((channel) => (
            <li key={channel.id}>
              <ChannelRow channel={channel} />
            </li>
          ))}
        </ul>
      </section>
      <section class="card" aria-labelledby="new-title">
        <h2 id="new-title" class="foyer-new">
          <Icon name="plus" /> New stream on a new channel
        </h2>
        <StreamForm submitWord="Open the stream" onSubmit={create} />
      </section>
    </div>
  );
}

function ChannelRow({ channel }: { channel: Channel }) {
  const stream = channel.currentStream;
  return (
    <a class="channel-row" href={`/studio/${channel.id}`} data-testid="channel-row">
      <span class="channel-words">
        <strong>{channel.name}</strong>
        <span class="muted">
          {stream && stream.state !== 'ended' ? stream.title : 'No stream is open'}
          {stream && stream.state !== 'ended' ? ` · ${GENRE_WORDS[stream.genre]}` : ''}
          {stream?.state === 'waiting' && stream.scheduledAt ? ` · ${moment(stream.scheduledAt)}` : ''}
        </span>
      </span>
      <StateBadge state={stream?.state ?? 'offline'} />
      <Icon name="arrow" />
    </a>
  );
}

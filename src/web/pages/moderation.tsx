// The channels that somebody owns or moderates, each with the way to its desk.
import type { ModeratedChannel } from '../../protocol/moderation.ts';
import { Icon } from '../components/icon.tsx';
import { StateBadge } from '../components/state-badge.tsx';
import { useList } from '../components/use-list.ts';
import { useTitle } from '../components/use-title.ts';
import { ROLE_WORDS } from '../moderation/desk-words.ts';
import { moderationApi } from '../moderation-api.ts';
import { moderatesAll } from '../session.ts';
import { SignedIn } from '../studio/signed-in.tsx';
import './studio.css';
import './moderation.css';

export function ModerationPage() {
  useTitle('Moderation');
  return (
    <SignedIn>
      <Channels />
    </SignedIn>
  );
}

const listChannels = async () => (await moderationApi.channels()).channels;

function Channels() {
  const { items: channels, problem } = useList(listChannels);
  return (
    <section class="moderated" aria-labelledby="moderated-title">
      <h1 id="moderated-title">Channels that you look after</h1>
      {problem && (
        <p class="message message-bad" role="alert">
          {problem}
        </p>
      )}
      {channels?.length === 0 && (
        <p class="muted">
          None yet. Open a channel of your own in the <a href="/studio">studio</a>, or ask the owner of another to make
          you a moderator there.
        </p>
      )}
      {moderatesAll() && (
        <a class="channel-row" href="/moderate/everywhere" data-testid="moderate-everywhere">
          <span class="channel-words">
            <strong>All of Footlight</strong>
            <span class="muted">Reports of every channel, bans everywhere and appeals against them</span>
          </span>
          <Icon name="arrow" />
        </a>
      )}
      <ul class="channel-list">
        {channels?.map((channel) => (
          <li key={channel.id}>
            <Row channel={channel} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Row({ channel: { id, name, ownerName, role, currentStream } }: { channel: ModeratedChannel }) {
  const isOpen = currentStream !== null && currentStream.state !== 'ended';
  return (
    <a class="channel-row" href={`/moderate/${id}`} data-testid="moderated-channel">
      <span class="channel-words">
        <strong>{name}</strong>
        <span class="muted">
          {role === 'owner' ? ROLE_WORDS.owner : `${ROLE_WORDS[role]}, which is ${ownerName}’s`} ·{' '}
          {isOpen ? currentStream.title : 'No stream is open'}
        </span>
      </span>
      <StateBadge state={currentStream?.state ?? 'offline'} />
      <Icon name="arrow" />
    </a>
  );
}

// From the chat of a stream to the page where its channel is moderated; beside the picture it opens in a window of its own.
import { Icon } from '../components/icon.tsx';

export function ModerateLink({ streamId }: { streamId: string }) {
  return (
    <a
      class="chat-pop-out"
      href={`/moderate/${streamId}`}
      target="_blank"
      rel="noopener"
      aria-label="Moderate this channel"
      title="Moderate this channel"
      data-testid="chat-moderate"
    >
      <Icon name="shield" />
    </a>
  );
}

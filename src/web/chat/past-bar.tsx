// Says that the picture is of the past, and lets one choose between the room as it was then and as it is now.

interface PastBarProps {
  past: 'step' | 'live';
  hasEnded: boolean;
  onWish(wish: 'step' | 'live'): void;
}

export function PastBar({ past, hasEnded, onWish }: PastBarProps) {
  const now = hasEnded ? 'the newest' : 'the live chat';
  return (
    <div class="chat-past" role="status" data-testid="chat-past" data-past={past}>
      <span>
        {past === 'step' ? 'The chat as it was at this picture' : `You are watching what is past. This is ${now}.`}
      </span>
      {past === 'step' ? (
        <button type="button" class="button button-small" onClick={() => onWish('live')} data-testid="chat-go-live">
          {hasEnded ? 'Newest' : 'Live chat'}
        </button>
      ) : (
        <button type="button" class="button button-small" onClick={() => onWish('step')} data-testid="chat-in-step">
          In step
        </button>
      )}
    </div>
  );
}

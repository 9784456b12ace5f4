// Under a list of which there is more.
interface MoreButtonProps {
  isReading: boolean;
  onMore(): void;
  testId: string;
}

export function MoreButton({ isReading, onMore, testId }: MoreButtonProps) {
  return (
    <button
      type="button"
      class="button button-small reports-more"
      disabled={isReading}
      onClick={onMore}
      data-testid={testId}
    >
      {isReading ? 'Reading more' : 'More'}
    </button>
  );
}

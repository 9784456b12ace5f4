// What was done last, or why not; and the way back.
import { KeyHint } from './key-hint.tsx';
import type { ModeratorActs } from './moderator-acts.ts';

export function ToldBar({ acts }: { acts: ModeratorActs }) {
  const told = acts.told.value;
  const canUndo = acts.undos.value.length > 0;
  return (
    <div class="desk-told" data-problem={told?.isProblem ?? false} data-shown={told !== null}>
      <p role="status" data-testid="desk-told">
        {told?.words}
      </p>
      <button
        type="button"
        class="button button-small"
        disabled={!canUndo}
        onClick={() => void acts.undo()}
        data-testid="desk-undo"
      >
        Undo <KeyHint of="u" />
      </button>
    </div>
  );
}

// What came of a moderator's act, in words, and what takes it back.
import type { Acts } from './use-acts.ts';

export function Told({ acts }: { acts: Acts }) {
  const { told } = acts;
  return (
    <div class="chat-told" role="status">
      {told && (
        <p class={told.isProblem ? 'chat-refusal' : 'chat-answer'} data-testid="chat-told">
          {told.words}
          {told.undo && (
            <button
              type="button"
              class="chat-undo"
              onClick={() => told.undo && void acts.run(told.undo, 'Taken back.')}
              data-testid="chat-undo"
            >
              Undo
            </button>
          )}
        </p>
      )}
    </div>
  );
}

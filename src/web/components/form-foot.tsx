// The end of a form: what went wrong, the button that sends it, and the way out.

interface FormFootProps {
  problem: string | null | undefined;
  submitWord: string;
  canSubmit: boolean;
  onCancel?: (() => void) | undefined;
  /** Where it stands in the grid of the form. */
  place?: string;
  testId: string;
}

export function FormFoot({ problem, submitWord, canSubmit, onCancel, place = '', testId }: FormFootProps) {
  return (
    <>
      {problem && (
        <p class={`message message-bad ${place}`} role="alert">
          {problem}
        </p>
      )}
      <div class={`row ${place}`}>
        <button type="submit" class="button button-primary" disabled={!canSubmit} data-testid={testId}>
          {submitWord}
        </button>
        {onCancel && (
          <button type="button" class="button button-quiet" onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
    </>
  );
}

// Asks before something that cannot be undone; the browser's own dialog keeps the focus and listens to Escape.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface ConfirmDialogProps {
  title: string;
  children: ComponentChildren;
  confirmWord: string;
  /** False while something is missing that the children ask for. */
  canConfirm?: boolean;
  onConfirm(): Promise<void>;
  onClose(): void;
  testId: string;
}

export function ConfirmDialog({
  title,
  children,
  confirmWord,
  canConfirm = true,
  onConfirm,
  onClose,
  testId,
}: ConfirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  const confirm = async () => {
    setIsBusy(true);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'That did not work. Try again.');
      setIsBusy(false);
    }
  };
  return (
    <dialog class="dialog" ref={dialog} onClose={onClose} aria-labelledby={`${testId}-title`} data-testid={testId}>
      <h2 id={`${testId}-title`}>{title}</h2>
      <div class="dialog-text">{children}</div>
      {problem && (
        <p class="message message-bad" role="alert">
          {problem}
        </p>
      )}
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          class="button button-danger-solid"
          onClick={confirm}
          disabled={isBusy || !canConfirm}
          data-testid={`${testId}-confirm`}
        >
          {confirmWord}
        </button>
      </div>
    </dialog>
  );
}

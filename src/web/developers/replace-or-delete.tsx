// The buttons that end something for good, a secret or the whole: each asks before it does so.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { Icon } from '../components/icon.tsx';

interface ReplaceOrDeleteProps {
  /** app or webhook: how its buttons and dialogs are told apart. */
  of: string;
  /** Null where there is no secret. */
  secret: { consequence: ComponentChildren; replace(): Promise<void> } | null;
  whole: { title: string; word: string; consequence: ComponentChildren; delete(): Promise<void> };
}

export function ReplaceOrDelete({ of, secret, whole }: ReplaceOrDeleteProps) {
  const [asks, setAsks] = useState<'secret' | 'delete' | null>(null);
  return (
    <>
      {secret && (
        <button
          type="button"
          class="button button-small"
          onClick={() => setAsks('secret')}
          data-testid={`${of}-rotate`}
        >
          <Icon name="key" /> New secret
        </button>
      )}
      <button
        type="button"
        class="button button-small button-danger"
        onClick={() => setAsks('delete')}
        data-testid={`${of}-delete`}
      >
        Delete
      </button>
      {secret && asks === 'secret' && (
        <ConfirmDialog
          title="Make a new secret?"
          confirmWord="Make a new secret"
          testId={`${of}-secret-dialog`}
          onClose={() => setAsks(null)}
          onConfirm={secret.replace}
        >
          {secret.consequence}
        </ConfirmDialog>
      )}
      {asks === 'delete' && (
        <ConfirmDialog
          title={whole.title}
          confirmWord={whole.word}
          testId={`${of}-delete-dialog`}
          onClose={() => setAsks(null)}
          onConfirm={whole.delete}
        >
          {whole.consequence}
        </ConfirmDialog>
      )}
    </>
  );
}

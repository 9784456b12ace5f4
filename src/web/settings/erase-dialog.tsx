// Asks for the handle before a person is forgotten, says what that means, and leads to the receipt.
import { useState } from 'preact/hooks';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { peopleApi } from '../people-api.ts';
import { navigate } from '../router.ts';
import { receiptPath } from '../routes.ts';
import { refreshSession } from '../session.ts';

export function EraseDialog({ handle, onClose }: { handle: string; onClose(): void }) {
  const [typed, setTyped] = useState('');
  const erase = async () => {
    const { id } = await peopleApi.eraseMe(handle);
    navigate(receiptPath(id));
    await refreshSession();
  };
  return (
    <ConfirmDialog
      title="Erase your account?"
      confirmWord="Erase it for good"
      canConfirm={typed.trim() === handle}
      testId="erase-dialog"
      onClose={onClose}
      onConfirm={erase}
    >
      <p>This cannot be undone.</p>
      <ul class="erase-facts">
        <li>Your name and your handle are gone; what you wrote stays without them.</li>
        <li>Your streams end at once, and what was recorded of them is deleted within minutes.</li>
        <li>Every browser, stream key and app of yours is refused from now on.</li>
      </ul>
      <div class="field">
        <label for="erase-handle">
          Type <strong>{handle}</strong> to go on
        </label>
        <input
          class="input"
          id="erase-handle"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          maxLength={100}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
          data-testid="erase-handle"
        />
      </div>
    </ConfirmDialog>
  );
}

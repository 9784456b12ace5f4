// The keys of the desk, as a list.
import { useEffect, useRef } from 'preact/hooks';
import { KEYS } from './keys.ts';

export function HelpDialog({ onClose }: { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog class="dialog" ref={dialog} onClose={onClose} aria-labelledby="keys-title" data-testid="help-dialog">
      <h2 id="keys-title">One key, one act</h2>
      <p class="dialog-text">They do nothing while you type. The line that is chosen has a bar at its left.</p>
      <dl class="desk-keys">
        {KEYS.map(({ act, shown, words }) => (
          <div key={act}>
            <dt>
              <kbd>{shown}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
      </div>
    </dialog>
  );
}

// The browser needs the stream key to go live: paste the one you have, or make another.
import { useState } from 'preact/hooks';
import './key-prompt.css';

export function KeyPrompt({ onKey, onNewKey }: { onKey(streamKey: string): void; onNewKey(): void }) {
  const [typed, setTyped] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    if (typed.trim() !== '') onKey(typed.trim());
  };
  return (
    <form class="key-prompt" onSubmit={submit}>
      <div class="field">
        <label for="stream-key-input">Stream key of this channel</label>
        <input
          class="input"
          id="stream-key-input"
          type="password"
          autocomplete="off"
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
          aria-describedby="stream-key-hint"
          data-testid="stream-key-input"
        />
        <span class="hint" id="stream-key-hint">
          A key is shown only once, when it is made. It stays in this tab until you close it.
        </span>
      </div>
      <div class="row">
        <button
          type="submit"
          class="button button-primary"
          disabled={typed.trim() === ''}
          data-testid="stream-key-submit"
        >
          Use this key
        </button>
        <button type="button" class="button" onClick={onNewKey} data-testid="stream-key-new">
          Make a new key
        </button>
      </div>
    </form>
  );
}

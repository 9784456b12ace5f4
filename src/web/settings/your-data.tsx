// All that is held of the person: to take along, and to have forgotten.
import { useState } from 'preact/hooks';
import { ACCOUNT_EXPORT_PATH } from '../people-api.ts';
import { session } from '../session.ts';
import { EraseDialog } from './erase-dialog.tsx';
import './your-data.css';

export function YourData() {
  const [isErasing, setIsErasing] = useState(false);
  const handle = session.value?.user?.handle;
  return (
    <section class="card your-data" aria-labelledby="data-title" data-testid="your-data">
      <h2 id="data-title">Your data</h2>
      <div class="your-data-row">
        <p>
          <strong>Take it along</strong>
          <span class="muted">Everything that is held of you, as one JSON file.</span>
        </p>
        <a class="button button-small" href={ACCOUNT_EXPORT_PATH} download data-testid="export">
          Download
        </a>
      </div>
      <div class="your-data-row">
        <p>
          <strong>Leave for good</strong>
          <span class="muted">Have yourself forgotten, at once, with a receipt.</span>
        </p>
        <button
          type="button"
          class="button button-small button-danger"
          onClick={() => setIsErasing(true)}
          data-testid="erase"
        >
          Erase my account
        </button>
      </div>
      {isErasing && handle && <EraseDialog handle={handle} onClose={() => setIsErasing(false)} />}
    </section>
  );
}

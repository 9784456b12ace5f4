// The name that others see, and the form to change it.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { ApiError } from '../api.ts';
import { FormFoot } from '../components/form-foot.tsx';
import { useSubmit } from '../components/use-submit.ts';
import { peopleApi } from '../people-api.ts';
import { refreshSession } from '../session.ts';
import './your-name.css';

type Known = Awaited<ReturnType<typeof peopleApi.me>>;

export function YourName() {
  const [known, setKnown] = useState<Known | null>(null);
  /** Null: nothing yet, the name is shown as it is. */
  const [typed, setTyped] = useState<string | null>(null);
  const [isSaved, setIsSaved] = useState(false);
  const { problem, isBusy, submitting } = useSubmit();
  const load = useCallback(async () => setKnown(await peopleApi.me()), []);
  // Without it the form stays shut; the sections beside it say that the server is away.
  useEffect(() => void load().catch(() => undefined), [load]);

  const name = typed ?? known?.account.name ?? '';
  const save = submitting(async () => {
    if (!known) return;
    setIsSaved(false);
    try {
      await peopleApi.rename(name.trim(), known.tag);
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) await load();
      throw error;
    }
    setTyped(null);
    setIsSaved(true);
    await load();
    await refreshSession();
  });
  const said =
    problem?.status === 412 && known
      ? `Your name was changed elsewhere meanwhile: it is ${known.account.name} now. Save again to change it.`
      : problem?.message;

  return (
    <section class="card your-name" aria-labelledby="name-title" data-testid="your-name">
      <h2 id="name-title">Your name</h2>
      <form onSubmit={save}>
        <div class="field">
          <label for="own-name">As others see it</label>
          <input
            class="input"
            id="own-name"
            autocomplete="nickname"
            required
            maxLength={60}
            disabled={!known}
            value={name}
            onInput={(event) => setTyped(event.currentTarget.value)}
            data-testid="own-name"
          />
          {known && <p class="muted">People find you as @{known.account.handle}; that stays.</p>}
        </div>
        <FormFoot
          problem={said}
          submitWord="Save"
          canSubmit={!isBusy && known !== null && name.trim() !== '' && name.trim() !== known.account.name}
          testId="name-save"
        />
        <p class="muted" role="status">
          {isSaved && typed === null && 'Saved.'}
        </p>
      </form>
    </section>
  );
}

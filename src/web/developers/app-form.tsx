// What an app is: to register one, or to change it.
import { useId, useState } from 'preact/hooks';
import { SCOPES, type Scope } from '../../protocol/claims.ts';
import type { App, AppType, RegisterApp } from '../../protocol/oauth.ts';
import { FormFoot } from '../components/form-foot.tsx';
import { useSubmit } from '../components/use-submit.ts';
import { SCOPE_WORDS } from '../scope-words.ts';
import './app-form.css';
import { readLines } from './lines.ts';

interface AppFormProps {
  /** The type is chosen once. */
  existing?: App;
  submitWord: string;
  onSubmit(draft: RegisterApp): Promise<void>;
  onCancel?: () => void;
}

const TYPE_WORDS: Record<AppType, { name: string; hint: string }> = {
  confidential: { name: 'A server or a bot', hint: 'It keeps a secret, and may act for itself' },
  public: { name: 'A page or a program', hint: 'Whoever runs it can read it, so it gets no secret' },
};

export function AppForm({ existing, submitWord, onSubmit, onCancel }: AppFormProps) {
  const id = useId();
  const [name, setName] = useState(existing?.name ?? '');
  const [type, setType] = useState<AppType>(existing?.type ?? 'confidential');
  const [addresses, setAddresses] = useState(existing?.redirectUris.join('\n') ?? '');
  const [website, setWebsite] = useState(existing?.websiteUrl ?? '');
  const [scopes, setScopes] = useState<readonly Scope[]>(existing?.scopes ?? ['profile']);
  const { problem, isBusy, submitting } = useSubmit();

  const submit = submitting(async () => {
    await onSubmit({
      name,
      type,
      redirectUris: readLines(addresses),
      scopes: [...scopes],
      websiteUrl: website.trim() || null,
    });
    if (existing) return;
    setName('');
    setAddresses('');
    setWebsite('');
  });
  const toggle = (scope: Scope) =>
    setScopes(SCOPES.filter((one) => (one === scope ? !scopes.includes(one) : scopes.includes(one))));

  return (
    <form class="app-form" onSubmit={submit} data-testid="app-form">
      <div class="field">
        <label for={`${id}-name`}>Name</label>
        <input
          class="input"
          id={`${id}-name`}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
          required
          maxLength={60}
          autocomplete="off"
          placeholder="As people will read it"
          data-testid="app-name"
        />
      </div>
      {!existing && (
        <fieldset class="app-form-types">
          <legend>What it is</legend>
          {Object.entries(TYPE_WORDS).map(([value, words]) => (
            <label key={value} class="app-form-choice">
              <input
                type="radio"
                name={`${id}-type`}
                value={value}
                checked={type === value}
                onChange={() => setType(value as AppType)}
                data-testid={`app-type-${value}`}
              />
              <span>
                {words.name}
                <small>{words.hint}</small>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <div class="field">
        <label for={`${id}-addresses`}>Addresses that people are sent back to</label>
        <textarea
          class="input app-form-addresses"
          id={`${id}-addresses`}
          rows={3}
          value={addresses}
          onInput={(event) => setAddresses(event.currentTarget.value)}
          required={type === 'public'}
          spellcheck={false}
          placeholder="https://example.com/callback"
          aria-describedby={`${id}-addresses-hint`}
          data-testid="app-addresses"
        />
        <span class="hint" id={`${id}-addresses-hint`}>
          One a line, compared letter by letter; the port of http://127.0.0.1 is free. A bot needs none.
        </span>
      </div>
      <div class="field">
        <label for={`${id}-website`}>Website (optional)</label>
        <input
          class="input"
          type="url"
          id={`${id}-website`}
          value={website}
          onInput={(event) => setWebsite(event.currentTarget.value)}
          placeholder="https://example.com"
        />
      </div>
      <fieldset class="app-form-scopes">
        <legend>The most that it may ask for</legend>
        {SCOPES.map((scope) => (
          <label key={scope} class="app-form-choice">
            <input
              type="checkbox"
              checked={scopes.includes(scope)}
              onChange={() => toggle(scope)}
              data-testid={`app-scope-${scope}`}
            />
            <span>
              {SCOPE_WORDS[scope].may}
              <small>
                <code>{scope}</code>
              </small>
            </span>
          </label>
        ))}
      </fieldset>
      <FormFoot
        problem={problem?.message}
        submitWord={submitWord}
        canSubmit={!isBusy && scopes.length > 0}
        onCancel={onCancel}
        testId="app-submit"
      />
    </form>
  );
}

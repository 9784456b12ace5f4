// How lines are judged on the channel: how strictly, what follows from links, and its own words; saved together.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { ALLOWED_SITES_MAX, type ChannelRules, type OwnWord, WORDS_MAX } from '../../protocol/rules.ts';
import { ApiError } from '../api-client.ts';
import { FormFoot } from '../components/form-foot.tsx';
import { Icon } from '../components/icon.tsx';
import { useSubmit } from '../components/use-submit.ts';
import { moderationApi } from '../moderation-api.ts';

interface Kept {
  rules: ChannelRules;
  /** Of the state that the form was filled from. */
  tag: string;
}

export function RulesBox({ channelId }: { channelId: string }) {
  const [kept, setKept] = useState<Kept | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const load = useCallback(
    () => moderationApi.rules(channelId).then(setKept, (error: Error) => setProblem(error.message)),
    [channelId],
  );
  useEffect(() => void load(), [load]);
  return (
    <section aria-labelledby="rules-title">
      <h2 id="rules-title">Rules</h2>
      {problem && (
        <p class="message message-bad" role="alert">
          {problem}
        </p>
      )}
      {kept ? (
        <RulesForm channelId={channelId} kept={kept} onReload={load} key={kept.tag} />
      ) : (
        !problem && <p class="desk-empty">Reading the rules</p>
      )}
    </section>
  );
}

interface RulesFormProps {
  channelId: string;
  kept: Kept;
  onReload(): Promise<void>;
}

function RulesForm({ channelId, kept, onReload }: RulesFormProps) {
  const [rules, setRules] = useState(kept.rules);
  const [sites, setSites] = useState(kept.rules.allowedSites.join('\n'));
  const { problem, isBusy, submitting } = useSubmit();
  const change = (changes: Partial<ChannelRules>) => setRules({ ...rules, ...changes });
  const wanted: ChannelRules = { ...rules, allowedSites: linesOf(sites) };
  const isChanged = JSON.stringify(wanted) !== JSON.stringify(kept.rules);
  const save = submitting(async () => {
    await moderationApi.saveRules(channelId, wanted, kept.tag);
    await onReload();
  });
  const isStale = problem instanceof ApiError && problem.status === 412;
  return (
    <form class="rules" onSubmit={save}>
      <div class="field">
        <label for="strictness">How strictly</label>
        <select
          class="input"
          id="strictness"
          value={rules.strictness}
          onChange={(event) => change({ strictness: event.currentTarget.value as ChannelRules['strictness'] })}
          data-testid="rules-strictness"
        >
          {Object.entries(STRICTNESS).map(([value, words]) => (
            <option value={value} key={value}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="links">Links to other sites</label>
        <select
          class="input"
          id="links"
          value={rules.links ?? ''}
          onChange={(event) => change({ links: (event.currentTarget.value || null) as ChannelRules['links'] })}
        >
          <option value="">As strict as the rest</option>
          <option value="allow">Everybody sees them</option>
          <option value="hold">Wait for a moderator</option>
          <option value="deny">Are refused</option>
        </select>
      </div>
      <div class="field">
        <label for="model-down">While the model that judges with us is down, what it would be asked about</label>
        <select
          class="input"
          id="model-down"
          value={rules.whenModelIsDown}
          onChange={(event) =>
            change({ whenModelIsDown: event.currentTarget.value as ChannelRules['whenModelIsDown'] })
          }
        >
          <option value="allow">Goes by the rules alone</option>
          <option value="hold">Waits for a moderator</option>
        </select>
      </div>
      <div class="field">
        <label for="sites">Sites that are always fine, one a line</label>
        <textarea
          class="input"
          id="sites"
          rows={3}
          placeholder="example.com"
          spellcheck={false}
          value={sites}
          onInput={(event) => setSites(event.currentTarget.value)}
        />
        <span class="hint">At most {ALLOWED_SITES_MAX}, with what stands below them.</span>
      </div>
      <Words words={rules.words} onWords={(words) => change({ words })} />
      <FormFoot
        problem={
          isStale
            ? 'Somebody has changed the rules meanwhile. Read them again, then make your change.'
            : problem?.message
        }
        submitWord="Save the rules"
        canSubmit={isChanged && !isBusy}
        onCancel={isStale ? () => void onReload() : undefined}
        testId="rules-save"
      />
    </form>
  );
}

const STRICTNESS: Record<ChannelRules['strictness'], string> = {
  relaxed: 'Relaxed: only what is certainly foul',
  standard: 'Standard',
  strict: 'Strict: every doubt waits for a moderator',
};

const linesOf = (text: string): string[] =>
  text
    .split(/\s+/)
    .map((line) => line.toLowerCase())
    .filter((line) => line !== '');

const ACTION_WORDS: Record<OwnWord['action'], string> = { mask: 'Masked', hold: 'Held', deny: 'Refused' };

function Words({ words, onWords }: { words: readonly OwnWord[]; onWords(words: OwnWord[]): void }) {
  const [text, setText] = useState('');
  const [action, setAction] = useState<OwnWord['action']>('hold');
  const add = () => {
    const word = text.trim();
    if (word.length < 2) return;
    onWords([{ text: word, action }, ...words.filter((one) => one.text !== word)]);
    setText('');
  };
  return (
    <fieldset class="rules-words">
      <legend>Words of this channel</legend>
      <div class="rules-add">
        <input
          class="input"
          aria-label="A word or phrase; * at an edge: the word may go on there"
          placeholder="Word, phrase or beginning*"
          maxLength={60}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            add();
          }}
          data-testid="rules-word"
        />
        <select
          class="input"
          aria-label="What follows from it"
          value={action}
          onChange={(event) => setAction(event.currentTarget.value as OwnWord['action'])}
          data-testid="rules-action"
        >
          {Object.entries(ACTION_WORDS).map(([value, name]) => (
            <option value={value} key={value}>
              {name}
            </option>
          ))}
        </select>
        <button
          type="button"
          class="button button-small"
          disabled={text.trim().length < 2 || words.length >= WORDS_MAX}
          onClick={add}
          data-testid="rules-add"
        >
          Add
        </button>
      </div>
      <ul class="rules-list" data-testid="rules-words">
        {words.map((word) => (
          <li key={word.text}>
            <bdi>{word.text}</bdi>
            <span class="muted">{ACTION_WORDS[word.action]}</span>
            <button
              type="button"
              class="icon-button"
              onClick={() => onWords(words.filter((one) => one !== word))}
              aria-label={`Take ${word.text} off the list`}
              title="Take off the list"
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

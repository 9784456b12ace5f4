// What the reader of the audit log looks for: who, what, to what, and when.
import { AUDIT_ACTIONS } from '../../protocol/audit.ts';
import type { AuditQuery } from '../api.ts';
import { ACTION_WORDS } from './audit-words.ts';

export interface AuditQuestion {
  actor: string;
  action: string;
  target: string;
  since: string;
  until: string;
}

export const NO_QUESTION: AuditQuestion = { actor: '', action: '', target: '', since: '', until: '' };

/** As the API takes it; times are those of the reader's clock. */
export const toQuery = ({ actor, action, target, since, until }: AuditQuestion): AuditQuery => ({
  actor: actor.trim() || undefined,
  action: AUDIT_ACTIONS.find((known) => known === action),
  target: target.trim() || undefined,
  since: since ? new Date(since).toISOString() : undefined,
  until: until ? new Date(until).toISOString() : undefined,
});

/** The fields are the reader's own until they ask: the list beneath is drawn anew every few seconds, and must not take back what is being typed. */
export function AuditFilter({ question, onAsk }: { question: AuditQuestion; onAsk(question: AuditQuestion): void }) {
  const ask = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const asked = Object.keys(NO_QUESTION).map((name) => [name, String(form.get(name) ?? '')]);
    onAsk(Object.fromEntries(asked) as AuditQuestion);
  };
  return (
    <form class="card audit-filter" onSubmit={ask} data-testid="audit-filter">
      <Field name="actor" label="Who" value={question.actor} hint="us_..., ap_..." />
      <div class="field">
        <label for="audit-action">Did what</label>
        <select class="input" id="audit-action" name="action">
          <option value="">Anything</option>
          {AUDIT_ACTIONS.map((action) => (
            <option value={action} key={action} selected={action === question.action}>
              {ACTION_WORDS[action]}
            </option>
          ))}
        </select>
      </div>
      <Field name="target" label="To what" value={question.target} hint="st_..., ch_..." />
      <Field name="since" label="From" value={question.since} type="datetime-local" />
      <Field name="until" label="Until" value={question.until} type="datetime-local" />
      <div class="audit-filter-actions">
        <button type="submit" class="button button-primary">
          Search
        </button>
        <button type="button" class="button" onClick={() => onAsk(NO_QUESTION)}>
          Clear
        </button>
      </div>
    </form>
  );
}

function Field(props: {
  name: keyof AuditQuestion;
  label: string;
  value: string;
  hint?: string;
  type?: 'datetime-local';
}) {
  const { name, label, value, hint, type } = props;
  const id = `audit-${name}`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {type ? (
        <input class="input" id={id} name={name} type={type} defaultValue={value} />
      ) : (
        <input
          class="input"
          id={id}
          name={name}
          defaultValue={value}
          placeholder={hint}
          autocomplete="off"
          spellcheck={false}
        />
      )}
    </div>
  );
}

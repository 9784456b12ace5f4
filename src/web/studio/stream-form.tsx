// Title, genre and the rest: to open a stream, or to change one.
import { useId, useState } from 'preact/hooks';
import type { CreateStream, Genre, Stream, Visibility } from '../../protocol/api.ts';
import type { LatencyProfile } from '../../protocol/latency.ts';
import { FormFoot } from '../components/form-foot.tsx';
import { useSubmit } from '../components/use-submit.ts';
import { GENRE_WORDS, LATENCY_WORDS, VISIBILITY_WORDS } from '../words.ts';
import './stream-form.css';

export type StreamDraft = Pick<CreateStream, 'title' | 'genre' | 'visibility' | 'latency'> & {
  scheduledAt: string | null;
  /** Only where a new one was typed. */
  password?: string;
};

interface StreamFormProps {
  /** Latency is chosen once: a stream keeps its profile for life. */
  existing?: Stream;
  submitWord: string;
  onSubmit(draft: StreamDraft): Promise<void>;
  onCancel?: () => void;
}

export function StreamForm({ existing, submitWord, onSubmit, onCancel }: StreamFormProps) {
  const id = useId();
  const [title, setTitle] = useState(existing?.title ?? '');
  const [genre, setGenre] = useState<Genre>(existing?.genre ?? 'other');
  const [visibility, setVisibility] = useState<Visibility>(existing?.visibility ?? 'public');
  const [password, setPassword] = useState('');
  const [latency, setLatency] = useState<LatencyProfile>(existing?.latency ?? 'low');
  const [schedule, setSchedule] = useState(toLocalInput(existing?.scheduledAt ?? null));
  const { problem, isBusy, submitting } = useSubmit();
  const titleProblem = problem?.problem?.issues?.find(({ path }) => path === 'title')?.message;

  const submit = submitting(() =>
    onSubmit({
      title: title.trim(),
      genre,
      visibility,
      latency,
      scheduledAt: schedule === '' ? null : new Date(schedule).toISOString(),
      ...(visibility === 'password' && password !== '' && { password }),
    }),
  );

  return (
    <form class="stream-form" onSubmit={submit} data-testid="stream-form">
      <div class="field stream-form-wide">
        <label for={`${id}-title`}>Title</label>
        <input
          class="input"
          id={`${id}-title`}
          value={title}
          onInput={(event) => setTitle(event.currentTarget.value)}
          required
          maxLength={140}
          placeholder="What happens tonight?"
          autocomplete="off"
          aria-invalid={titleProblem ? 'true' : undefined}
          aria-describedby={titleProblem ? `${id}-title-problem` : undefined}
          data-testid="title-input"
        />
        {titleProblem && (
          <span class="problem" id={`${id}-title-problem`}>
            {titleProblem}
          </span>
        )}
      </div>
      <div class="field">
        <label for={`${id}-genre`}>Genre</label>
        <select
          class="input"
          id={`${id}-genre`}
          value={genre}
          onChange={(event) => setGenre(event.currentTarget.value as Genre)}
          data-testid="genre-select"
        >
          {Object.entries(GENRE_WORDS).map(([value, word]) => (
            <option value={value} key={value}>
              {word}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for={`${id}-visibility`}>Who may find it</label>
        <select
          class="input"
          id={`${id}-visibility`}
          value={visibility}
          onChange={(event) => setVisibility(event.currentTarget.value as Visibility)}
          aria-describedby={`${id}-visibility-hint`}
          data-testid="visibility-select"
        >
          {Object.entries(VISIBILITY_WORDS).map(([value, { choice }]) => (
            <option value={value} key={value}>
              {choice}
            </option>
          ))}
        </select>
        <span class="hint" id={`${id}-visibility-hint`}>
          {VISIBILITY_WORDS[visibility].hint}
        </span>
      </div>
      {visibility === 'password' && (
        <div class="field">
          <label for={`${id}-password`}>Password</label>
          <input
            class="input"
            type="text"
            id={`${id}-password`}
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
            required={existing?.visibility !== 'password'}
            minLength={4}
            maxLength={128}
            autocomplete="off"
            placeholder={existing?.visibility === 'password' ? 'Leave empty to keep it' : ''}
            aria-describedby={`${id}-password-hint`}
            data-testid="password-setting"
          />
          <span class="hint" id={`${id}-password-hint`}>
            Four characters or more; it cannot be looked up later
          </span>
        </div>
      )}
      {!existing && (
        <div class="field">
          <label for={`${id}-latency`}>Delay</label>
          <select
            class="input"
            id={`${id}-latency`}
            value={latency}
            onChange={(event) => setLatency(event.currentTarget.value as LatencyProfile)}
            aria-describedby={`${id}-latency-hint`}
            data-testid="latency-select"
          >
            {Object.entries(LATENCY_WORDS).map(([value, { name }]) => (
              <option value={value} key={value}>
                {name}
              </option>
            ))}
          </select>
          <span class="hint" id={`${id}-latency-hint`}>
            {LATENCY_WORDS[latency].hint}
          </span>
        </div>
      )}
      <div class="field">
        <label for={`${id}-schedule`}>Starts (optional)</label>
        <input
          class="input"
          type="datetime-local"
          id={`${id}-schedule`}
          value={schedule}
          onInput={(event) => setSchedule(event.currentTarget.value)}
          aria-describedby={`${id}-schedule-hint`}
          data-testid="schedule-input"
        />
        <span class="hint" id={`${id}-schedule-hint`}>
          Viewers see a countdown
        </span>
      </div>
      <FormFoot
        problem={titleProblem ? null : problem?.message}
        submitWord={submitWord}
        canSubmit={!isBusy}
        onCancel={onCancel}
        place="stream-form-wide"
        testId="stream-submit"
      />
    </form>
  );
}

/** `2026-11-22T19:30` in the viewer's own time zone, as the input wants it. */
function toLocalInput(iso: string | null): string {
  if (iso === null) return '';
  const date = new Date(iso);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

// Under the refusal of somebody who is banned: the appeal, and what came of it.
import { useCallback, useMemo, useState } from 'preact/hooks';
import type { OwnAppeals } from '../../protocol/appeals.ts';
import { useList } from '../components/use-list.ts';
import { moment } from '../words.ts';
import { appealsApi, standOf } from './appeals-api.ts';
import './appeal-box.css';

const TEXT_MAX = 1000;

/** `at`: where the ban is appealed, as the refusal says it. */
export function AppealBox({ at }: { at: string }) {
  const api = useMemo(() => appealsApi(at), [at]);
  const load = useCallback(async (): Promise<OwnAppeals[]> => [await api.mine()], [api]);
  const { items, problem, refresh } = useList<OwnAppeals>(load);
  const mine = items?.[0] ?? null;
  const [isAsking, setIsAsking] = useState(false);
  if (mine === null) return problem === null ? null : <p class="appeal-box">{problem}</p>;
  const stand = standOf(mine, Date.now());
  if (stand.kind === 'waiting') {
    return (
      <p class="appeal-box" role="status" data-testid="appeal-stand">
        You have asked that it be lifted ({moment(stand.askedAt)}). A moderator will answer.
      </p>
    );
  }
  if (stand.kind === 'none' && !stand.mayAsk) return null;
  return (
    <div class="appeal-box" data-testid="appeal-box">
      {stand.kind === 'upheld' && (
        <p data-testid="appeal-stand">
          A moderator has answered your appeal: the ban stands.
          {stand.reason !== null && (
            <span class="appeal-reason" dir="auto">
              {stand.reason}
            </span>
          )}
          {stand.mayAskFrom !== null && <span>You may ask again on {moment(stand.mayAskFrom)}.</span>}
        </p>
      )}
      {isAsking && stand.mayAsk ? (
        <AppealForm
          onAsk={async (text) => {
            await api.make({ text });
            setIsAsking(false);
            await refresh();
          }}
          onClose={() => setIsAsking(false)}
        />
      ) : (
        stand.mayAsk && (
          <button type="button" class="button button-small" onClick={() => setIsAsking(true)} data-testid="appeal-open">
            {stand.kind === 'upheld' ? 'Ask again' : 'Appeal'}
          </button>
        )
      )}
    </div>
  );
}

function AppealForm({ onAsk, onClose }: { onAsk(text: string): Promise<void>; onClose(): void }) {
  const [text, setText] = useState('');
  const [isSending, setIsSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const send = async (event: Event) => {
    event.preventDefault();
    if (isSending || text.trim() === '') return;
    setIsSending(true);
    setProblem(null);
    await onAsk(text.trim()).catch((error: Error) => setProblem(error.message));
    setIsSending(false);
  };
  return (
    <form class="appeal-form" onSubmit={send}>
      <label for="appeal-text">Why should it be lifted?</label>
      <textarea
        class="input"
        id="appeal-text"
        rows={3}
        dir="auto"
        maxLength={TEXT_MAX}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        data-testid="appeal-text"
      />
      {problem !== null && (
        <p class="chat-refusal" role="alert">
          {problem}
        </p>
      )}
      <div class="appeal-acts">
        <button
          type="submit"
          class="button button-small"
          disabled={isSending || text.trim() === ''}
          data-testid="appeal-send"
        >
          Send the appeal
        </button>
        <button type="button" class="button button-small button-quiet" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}

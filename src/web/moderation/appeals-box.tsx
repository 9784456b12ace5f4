// People who are banned and ask for another look; the answer is what they read.
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Appeal, AppealPage } from '../../protocol/appeals.ts';
import type { Author } from '../../protocol/chat/message.ts';
import { moderationApi } from '../moderation-api.ts';
import { moment } from '../words.ts';
import { Answerable, type AnswerState } from './answerable.tsx';
import { eachOnce } from './list-pages.ts';
import type { ModeratorActs } from './moderator-acts.ts';
import { MoreButton } from './more-button.tsx';
import { PersonName } from './person-name.tsx';
import { usePages } from './use-pages.ts';

interface AppealsBoxProps {
  /** Null: about bans everywhere. */
  channelId: string | null;
  acts: ModeratorActs;
  onPerson?: ((author: Author) => void) | undefined;
}

export function AppealsBox({ channelId, acts, onPerson }: AppealsBoxProps) {
  const [state, setState] = useState<AnswerState>('open');
  const ask = useCallback((cursor?: string) => moderationApi.appeals(channelId, state, cursor), [channelId, state]);
  const { pages, problem, refresh, begin, ...list } = usePages<AppealPage>(ask);
  const appeals = pages && eachOnce(pages.flatMap((page) => page.appeals));
  useEffect(() => {
    if (acts.count.value > 0) void refresh();
  }, [acts.count.value, refresh]);
  return (
    <Answerable
      title="Appeals"
      state={state}
      onState={(next) => {
        begin();
        setState(next);
      }}
      problem={problem}
      count={appeals?.length ?? null}
      nothingOpen="Nobody asks for another look."
    >
      <ol class="reports-list" data-testid="appeals">
        {appeals?.map((appeal) => (
          <AppealRow appeal={appeal} acts={acts} onPerson={onPerson} key={appeal.id} />
        ))}
      </ol>
      {list.hasMore && <MoreButton isReading={list.isReading} onMore={list.more} testId="appeals-more" />}
    </Answerable>
  );
}

const STATE_WORDS: Record<Appeal['state'], string> = {
  open: 'Waits for an answer',
  lifted: 'The ban was lifted',
  upheld: 'The ban stands',
  lapsed: 'Lapsed without an answer',
};

function AppealRow({ appeal, acts, onPerson }: Omit<AppealsBoxProps, 'channelId'> & { appeal: Appeal }) {
  const { id, user, text, state, bannedAt, askedAt, closedAt, reason } = appeal;
  const [words, setWords] = useState('');
  const isBusy = acts.busy.value.includes(id);
  const answer = (decision: 'lifted' | 'upheld') => void acts.answerAppeal(appeal, { decision, reason: words.trim() });
  return (
    <li data-testid="appeal">
      <p class="desk-said">
        <PersonName author={{ ...user, roles: [] }} onPerson={onPerson} />, banned {moment(bannedAt)}, asked{' '}
        {moment(askedAt)}:
      </p>
      <p class="desk-quote" dir="auto">
        {text}
      </p>
      {state === 'open' ? (
        <>
          <textarea
            class="input"
            rows={2}
            maxLength={500}
            placeholder={`Your answer, which ${user.name} reads`}
            aria-label={`Your answer, which ${user.name} reads`}
            value={words}
            onInput={(event) => setWords(event.currentTarget.value)}
            data-testid="appeal-words"
          />
          <p class="desk-row-acts">
            <button
              type="button"
              class="button button-small act-good"
              disabled={isBusy || words.trim() === ''}
              onClick={() => answer('lifted')}
              data-testid="appeal-lift"
            >
              Lift the ban
            </button>
            <button
              type="button"
              class="button button-small"
              disabled={isBusy || words.trim() === ''}
              onClick={() => answer('upheld')}
              data-testid="appeal-uphold"
            >
              The ban stands
            </button>
          </p>
        </>
      ) : (
        <p class="log-note">
          {STATE_WORDS[state]}
          {closedAt ? `, ${moment(closedAt)}` : ''}
          {reason ? `: ${reason}` : '.'}
        </p>
      )}
    </li>
  );
}

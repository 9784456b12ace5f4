// What people complain about on a channel, or on all: each message once, with what was said around it, and the answer of a moderator.
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Author } from '../../protocol/chat/message.ts';
import type { Report, ReportNotice, ReportPage } from '../../protocol/reports.ts';
import { moderationApi } from '../moderation-api.ts';
import { clock, moment } from '../words.ts';
import { Answerable, type AnswerState } from './answerable.tsx';
import { REPORT_REASONS } from './desk-words.ts';
import { eachOnce } from './list-pages.ts';
import type { ModeratorActs } from './moderator-acts.ts';
import { MoreButton } from './more-button.tsx';
import { PersonName } from './person-name.tsx';
import { usePages } from './use-pages.ts';

interface ReportsBoxProps {
  /** Null: of all channels. */
  channelId: string | null;
  acts: ModeratorActs;
  /** The newest word of the room about reports: the list is read anew. */
  notice: ReportNotice | null;
  onPerson?: ((author: Author) => void) | undefined;
  onBan(author: Author): void;
}

export function ReportsBox({ channelId, acts, notice, ...row }: ReportsBoxProps) {
  const [state, setState] = useState<AnswerState>('open');
  const [isLate, setIsLate] = useState(false);
  const ask = useCallback(
    (cursor?: string) =>
      channelId === null
        ? moderationApi.allReports(isLate ? 'late' : state, cursor)
        : moderationApi.reports(channelId, state, cursor),
    [channelId, state, isLate],
  );
  const { pages, problem, refresh, begin, ...list } = usePages<ReportPage>(ask);
  const reports = pages && eachOnce(pages.flatMap((page) => page.reports));
  useEffect(() => {
    if (notice || acts.count.value > 0) void refresh();
  }, [notice, acts.count.value, refresh]);
  const show = (next: AnswerState, late: boolean) => {
    begin();
    setState(next);
    setIsLate(late);
  };
  return (
    <Answerable
      title="Reports"
      class="reports"
      state={state}
      onState={(next) => show(next, false)}
      problem={problem}
      count={reports?.length ?? null}
      nothingOpen={isLate ? 'Every report was answered within a day.' : 'Nobody complains.'}
      tools={
        channelId === null && (
          <button
            type="button"
            class="button button-small desk-toggle"
            aria-pressed={isLate}
            onClick={() => show('open', !isLate)}
            title="Only what the moderators of its channel have left unanswered for a day"
            data-testid="reports-late"
          >
            Waits too long
          </button>
        )
      }
    >
      <ol class="reports-list" data-testid="reports">
        {reports?.map((report) => (
          <ReportRow report={report} isOfAll={channelId === null} acts={acts} {...row} key={report.id} />
        ))}
      </ol>
      {list.hasMore && <MoreButton isReading={list.isReading} onMore={list.more} testId="reports-more" />}
    </Answerable>
  );
}

interface RowProps extends Pick<ReportsBoxProps, 'acts' | 'onPerson' | 'onBan'> {
  report: Report;
  /** Among those of other channels: it leads to its own, and says who complains. */
  isOfAll: boolean;
}

function ReportRow({ report, isOfAll, acts, onPerson, onBan }: RowProps) {
  const { id, channelId, streamId, messageId, context, complaints, count, reportedAt, isEscalated, answer } = report;
  const author = report.author && { ...report.author, roles: [] };
  const line = context.find((one) => one.id === messageId);
  const isBusy = acts.busy.value.includes(id) || acts.busy.value.includes(messageId);
  const reasons = [...new Set(complaints.map(({ reason }) => REPORT_REASONS[reason]))].join(', ');
  return (
    <li data-testid="report">
      <p class="held-why">
        <span class="held-reason">{reasons}</span>
        <span>{count === 1 ? 'one person' : `${count} people`}</span>
        {isEscalated && <span class="report-late">waits too long</span>}
        <time class="held-clock" dateTime={reportedAt}>
          {moment(reportedAt)}
        </time>
      </p>
      <p class="desk-said">
        <PersonName author={author} onPerson={onPerson} />:{' '}
        <span dir="auto">{line?.text ?? 'Its words are gone.'}</span>
      </p>
      {complaints.map(
        ({ text, at, by }) =>
          (text || by) && (
            <p class="desk-quote" dir="auto" key={at}>
              {by && <strong>{by.name}</strong>}
              {by && text && ': '}
              {text}
            </p>
          ),
      )}
      {isOfAll && (
        <p class="log-note">
          <a href={`/moderate/${channelId}`} data-testid="report-desk">
            The desk of its channel
          </a>{' '}
          · <a href={`/watch/${streamId}`}>Its stream</a>
        </p>
      )}
      {context.length > 1 && (
        <details class="report-context">
          <summary>What was said around it</summary>
          <ol class="person-said">
            {context.map((one) => (
              <li data-meant={one.id === messageId} key={one.id}>
                <time dateTime={one.sentAt}>{clock(one.sentAt)}</time>{' '}
                <strong>{one.author?.name ?? 'Somebody who left'}</strong>: <span dir="auto">{one.text}</span>
              </li>
            ))}
          </ol>
        </details>
      )}
      {answer ? (
        <p class="log-note">
          {answer.outcome === 'acted' ? 'Something was done' : 'Nothing had to be done'}, by{' '}
          {answer.by?.name ?? 'somebody who left'}, {moment(answer.at)}
        </p>
      ) : (
        <p class="desk-row-acts">
          <button
            type="button"
            class="button button-small"
            disabled={isBusy}
            onClick={() => void acts.removeReported(streamId, messageId)}
          >
            Remove it
          </button>
          {author && (
            <button type="button" class="button button-small button-quiet act-bad" onClick={() => onBan(author)}>
              Ban
            </button>
          )}
          <button
            type="button"
            class="button button-small act-good"
            disabled={isBusy}
            onClick={() => void acts.answerReport(id, 'acted')}
            data-testid="report-acted"
          >
            Done
          </button>
          <button
            type="button"
            class="button button-small button-quiet"
            disabled={isBusy}
            onClick={() => void acts.answerReport(id, 'dismissed')}
            data-testid="report-dismiss"
          >
            Dismiss
          </button>
        </p>
      )}
    </li>
  );
}

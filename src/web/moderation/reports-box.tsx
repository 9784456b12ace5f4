// What people complain about on the channel: each message once, with what was said around it, and the answer of a moderator.
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Author } from '../../protocol/chat/message.ts';
import type { Report, ReportNotice, ReportPage } from '../../protocol/reports.ts';
import { useList } from '../components/use-list.ts';
import { moderationApi } from '../moderation-api.ts';
import { clock, moment } from '../words.ts';
import { Answerable, type AnswerState } from './answerable.tsx';
import { REPORT_REASONS } from './desk-words.ts';
import type { ModeratorActs } from './moderator-acts.ts';
import { PersonName } from './person-name.tsx';
import { hasMore, readPages, reportsOf } from './report-pages.ts';

interface ReportsBoxProps {
  channelId: string;
  acts: ModeratorActs;
  /** The newest word of the room about reports: the list is read anew. */
  notice: ReportNotice | null;
  onPerson(author: Author): void;
  onBan(author: Author): void;
}

export function ReportsBox({ channelId, acts, notice, onPerson, onBan }: ReportsBoxProps) {
  const [state, setState] = useState<AnswerState>('open');
  const [pageCount, setPageCount] = useState(1);
  const load = useCallback(
    () => readPages((cursor) => moderationApi.reports(channelId, state, cursor), pageCount),
    [channelId, state, pageCount],
  );
  const { items: pages, problem, refresh } = useList<ReportPage>(load);
  const reports = pages && reportsOf(pages);
  /** Another page was asked for, and is not there yet. */
  const isReading = pages !== null && hasMore(pages) && pages.length < pageCount && problem === null;
  useEffect(() => {
    if (notice || acts.count.value > 0) void refresh();
  }, [notice, acts.count.value, refresh]);
  return (
    <Answerable
      title="Reports"
      class="reports"
      state={state}
      onState={(next) => {
        setPageCount(1);
        setState(next);
      }}
      problem={problem}
      count={reports?.length ?? null}
      nothingOpen="Nobody complains."
    >
      <ol class="reports-list" data-testid="reports">
        {reports?.map((report) => (
          <ReportRow report={report} acts={acts} onPerson={onPerson} onBan={onBan} key={report.id} />
        ))}
      </ol>
      {pages && hasMore(pages) && (
        <button
          type="button"
          class="button button-small reports-more"
          disabled={isReading}
          onClick={() => (pages.length < pageCount ? void refresh() : setPageCount(pageCount + 1))}
          data-testid="reports-more"
        >
          {isReading ? 'Reading more' : 'More'}
        </button>
      )}
    </Answerable>
  );
}

interface RowProps extends Pick<ReportsBoxProps, 'acts' | 'onPerson' | 'onBan'> {
  report: Report;
}

function ReportRow({ report, acts, onPerson, onBan }: RowProps) {
  const { id, streamId, messageId, context, complaints, count, reportedAt, isEscalated, answer } = report;
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
        ({ text, at }) =>
          text && (
            <p class="desk-quote" dir="auto" key={at}>
              {text}
            </p>
          ),
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

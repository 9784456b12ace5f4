// The audit log: the newest first, by filter, and to take along.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { AuditPage } from '../../protocol/audit-log.ts';
import { ApiError, type AuditQuery, api, auditExportPath } from '../api.ts';
import { useTitle } from '../components/use-title.ts';
import { AuditEntry } from './audit-entry.tsx';
import { AuditFilter, type AuditQuestion, NO_QUESTION, toQuery } from './audit-filter.tsx';
import './audit-log.css';

/** What has just been done is on the page within a few seconds. */
const EVERY_MS = 3000;

export function AuditLog() {
  useTitle('Audit log');
  const [question, setQuestion] = useState<AuditQuestion>(NO_QUESTION);
  const [page, setPage] = useState<AuditPage | null>(null);
  const [isExtended, setIsExtended] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [olderProblem, setOlderProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  /** Signed out, or no longer an administrator: asking on would be refused every time. */
  const [isShut, setIsShut] = useState(false);
  /** Answers may overtake each other: only that of the newest question counts. */
  const asked = useRef(0);

  /** Asks for a page; null when it did not come, or when it is no longer what the reader wants. */
  const load = useCallback(async (query: AuditQuery, say: (problem: string | null) => void) => {
    asked.current += 1;
    const turn = asked.current;
    try {
      const answered = await api.audit(query);
      if (turn !== asked.current) return null;
      say(null);
      return answered;
    } catch (error) {
      if (turn !== asked.current) return null;
      say((error as Error).message);
      setIsShut(error instanceof ApiError && (error.status === 401 || error.status === 403));
      return null;
    }
  }, []);
  useEffect(() => {
    // Who reads on in older pages is not pulled back to the newest.
    if (isExtended || isBusy || isShut) return;
    let isWaiting = false;
    const refresh = async () => {
      // A slow answer is waited for: the next question would make it worth nothing.
      if (isWaiting) return;
      isWaiting = true;
      const newest = await load(toQuery(question), setProblem);
      if (newest) setPage(newest);
      isWaiting = false;
    };
    void refresh();
    const timer = setInterval(() => !document.hidden && void refresh(), EVERY_MS);
    return () => clearInterval(timer);
  }, [load, question, isExtended, isBusy, isShut]);

  const ask = (wanted: AuditQuestion) => {
    // What is still under way belongs to the old question.
    asked.current += 1;
    setIsExtended(false);
    setIsShut(false);
    setIsBusy(false);
    setOlderProblem(null);
    setPage(null);
    setQuestion(wanted);
  };
  const more = async () => {
    if (!page?.nextCursor || isBusy) return;
    setIsBusy(true);
    const older = await load({ ...toQuery(question), cursor: page.nextCursor }, setOlderProblem);
    if (older) {
      setPage({ ...older, events: [...page.events, ...older.events] });
      setIsExtended(true);
    }
    setIsBusy(false);
  };

  return (
    <div class="audit">
      <header class="audit-head">
        <div>
          <h1>Audit log</h1>
          <p class="muted">Who did what, to what, and when. Nothing in it is ever rewritten.</p>
        </div>
        <p class="row">
          <a class="button button-small" href={auditExportPath(toQuery(question), 'csv')} download>
            CSV
          </a>
          <a class="button button-small" href={auditExportPath(toQuery(question), 'ndjson')} download>
            NDJSON
          </a>
        </p>
      </header>
      <AuditFilter key={JSON.stringify(question)} question={question} onAsk={ask} />
      {(problem || isShut) && (
        <p class="message message-bad" role="alert" data-testid="audit-problem">
          {problem}
          {isShut && ' The page no longer looks for what is new: sign in as an administrator, then load it again.'}
        </p>
      )}
      {page && page.waiting + page.unreadable > 0 && <Pending {...page} />}
      {page?.events.length === 0 && <p class="muted">Nothing fits.</p>}
      <ol class="audit-list" data-testid="audit-list" aria-busy={page === null}>
        {page?.events.map((entry) => (
          <AuditEntry entry={entry} key={entry.id} onFollow={(what, id) => ask({ ...NO_QUESTION, [what]: id })} />
        ))}
      </ol>
      {olderProblem && (
        <p class="message message-bad" role="alert">
          {olderProblem}
        </p>
      )}
      {page?.nextCursor && (
        <button type="button" class="button audit-more" onClick={more} disabled={isBusy}>
          Show older
        </button>
      )}
    </div>
  );
}

function Pending({ waiting, unreadable }: { waiting: number; unreadable: number }) {
  return (
    <p class="message" role="status">
      {waiting > 0 && `${waiting} entries are kept and come into the log within minutes. `}
      {unreadable > 0 && `${unreadable} entries do not fit the log and are kept beside it: look at the Worker's log.`}
    </p>
  );
}

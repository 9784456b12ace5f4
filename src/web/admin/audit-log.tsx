// The audit log: the newest first, by filter, and to take along.
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { AuditPage } from '../../protocol/audit-log.ts';
import { api, auditExportPath } from '../api.ts';
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

  const refresh = useCallback(async () => {
    try {
      setPage(await api.audit(toQuery(question)));
      setProblem(null);
    } catch (error) {
      setProblem((error as Error).message);
    }
  }, [question]);
  useEffect(() => {
    // Who reads on in older pages is not pulled back to the newest.
    if (isExtended) return;
    void refresh();
    const timer = setInterval(() => !document.hidden && void refresh(), EVERY_MS);
    return () => clearInterval(timer);
  }, [refresh, isExtended]);

  const ask = (asked: AuditQuestion) => {
    setIsExtended(false);
    setQuestion(asked);
  };
  const more = async () => {
    if (!page?.nextCursor) return;
    setIsExtended(true);
    try {
      const next = await api.audit({ ...toQuery(question), cursor: page.nextCursor });
      setPage({ ...next, events: [...page.events, ...next.events] });
    } catch (error) {
      setProblem((error as Error).message);
    }
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
      {problem && (
        <p class="message message-bad" role="alert">
          {problem}
        </p>
      )}
      {page && page.waiting + page.unreadable > 0 && <Pending {...page} />}
      {page?.events.length === 0 && <p class="muted">Nothing fits.</p>}
      <ol class="audit-list" data-testid="audit-list" aria-busy={page === null}>
        {page?.events.map((entry) => (
          <AuditEntry entry={entry} key={entry.id} onFollow={(what, id) => ask({ ...NO_QUESTION, [what]: id })} />
        ))}
      </ol>
      {page?.nextCursor && (
        <button type="button" class="button audit-more" onClick={more}>
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

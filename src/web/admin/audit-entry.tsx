// One row of the audit log: what happened in a sentence, and the rest when it is opened.
import type { AuditRecord } from '../../protocol/audit-log.ts';
import { changesOf, sentence } from './audit-words.ts';

const AT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

export function AuditEntry({
  entry,
  onFollow,
}: {
  entry: AuditRecord;
  onFollow(what: 'actor' | 'target', id: string): void;
}) {
  const { actor, target } = entry;
  const changes = changesOf(entry);
  return (
    <li class="audit-entry" data-testid="audit-entry" data-action={entry.action}>
      <div class="audit-line">
        <time dateTime={entry.at}>{AT.format(new Date(entry.at))}</time>
        <p>
          <strong>{sentence(entry)}</strong>
          {target && <span class="muted"> {target.name ?? target.id}</span>}
        </p>
        <span class="audit-seq muted">#{entry.seq}</span>
      </div>
      {changes.length > 0 && (
        <dl class="audit-changes">
          {changes.map(({ name, before, after }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                {before !== null && <del>{before}</del>}
                {before !== null && after !== null && <span aria-hidden="true"> → </span>}
                {after !== null && <ins>{after}</ins>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {entry.reason && <p class="muted audit-reason">{entry.reason}</p>}
      {entry.erasedBy && <p class="muted audit-reason">What this said of a person was erased.</p>}
      <p class="audit-facts muted">
        {actor.id && (
          <button type="button" class="audit-id" onClick={() => onFollow('actor', actor.id!)}>
            {actor.id}
          </button>
        )}
        {target && (
          <button type="button" class="audit-id" onClick={() => onFollow('target', target.id)}>
            {target.id}
          </button>
        )}
        {actor.appId && <span>through {actor.appId}</span>}
        {entry.network && <span>from {entry.network}</span>}
        {entry.requestId && <span>request {entry.requestId}</span>}
      </p>
    </li>
  );
}

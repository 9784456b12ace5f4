// The receipt of an erasure, for whoever has its address: what was forgotten and when, and nothing of whom.
import { useEffect, useState } from 'preact/hooks';
import type { ErasureReceipt } from '../../protocol/account.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { useTitle } from '../components/use-title.ts';
import { peopleApi } from '../people-api.ts';
import type { Route } from '../routes.ts';
import { moment } from '../words.ts';
import './receipt.css';

export function ReceiptPage({ route: { id } }: { route: Extract<Route, { name: 'receipt' }> }) {
  useTitle('Receipt');
  const [receipt, setReceipt] = useState<ErasureReceipt | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    peopleApi.receipt(id).then(setReceipt, (error: Error) => setProblem(error.message));
  }, [id]);

  if (problem) {
    return (
      <div class="notice" role="alert">
        <h1>There is no receipt to show</h1>
        <p class="muted">{problem}</p>
      </div>
    );
  }
  if (!receipt) return <div class="page-loading" />;
  const counts = Object.entries(receipt.counts).filter(([, count]) => count > 0);
  return (
    <article class="card receipt" data-testid="receipt">
      <h1>This account is erased</h1>
      <p class="muted">
        Done <time dateTime={receipt.erasedAt}>{moment(receipt.erasedAt)}</time>. Keep the address of this page: it is
        the receipt, and it names nobody. Whoever has it can look here again.
      </p>
      <p class="receipt-code">
        <code data-testid="receipt-id">{receipt.id}</code>
        <CopyButton text={location.href} label="Copy the link to this receipt" word="Copy link" />
      </p>
      <h2>What was deleted or emptied</h2>
      <dl class="receipt-counts">
        {counts.map(([table, count]) => (
          <div key={table}>
            <dt>{table.replaceAll('_', ' ')}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
    </article>
  );
}

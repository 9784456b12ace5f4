// An address that names nothing.
import { useTitle } from '../components/use-title.ts';
import './not-found.css';

export function NotFoundPage() {
  useTitle('Not found');
  return (
    <section class="not-found" data-testid="not-found">
      <p class="not-found-number" aria-hidden="true">
        404
      </p>
      <h1>An empty stage</h1>
      <p class="muted">There is nothing at this address. The link may be old, or cut off.</p>
      <a class="button button-primary" href="/">
        See what is live
      </a>
    </section>
  );
}

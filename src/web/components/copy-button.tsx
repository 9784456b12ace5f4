// Copies a text, and says that it did.
import { useEffect, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';

interface CopyButtonProps {
  text: string;
  label: string;
  /** Shown beside the icon; without it the label is only spoken. */
  word?: string;
  testId?: string;
}

export function CopyButton({ text, label, word, testId }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'refused' | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), 2500);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('refused'),
    );
  const said = outcome === 'copied' ? 'Copied' : outcome === 'refused' ? 'Copy by hand' : word;
  return (
    <button
      type="button"
      class={word ? 'button button-small' : 'icon-button'}
      aria-label={label}
      title={label}
      onClick={copy}
      data-testid={testId}
    >
      <Icon name={outcome === 'copied' ? 'check' : 'copy'} />
      {word && <span>{said}</span>}
      <span class="visually-hidden" aria-live="polite">
        {outcome ? said : ''}
      </span>
    </button>
  );
}

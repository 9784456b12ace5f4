// What a developer takes along: an id, or a secret that is shown this once.
import type { ComponentChildren } from 'preact';
import { CopyButton } from '../components/copy-button.tsx';

interface CopyableProps {
  label: string;
  text: string;
  testId: string;
  children?: ComponentChildren;
}

export function Copyable({ label, text, testId, children }: CopyableProps) {
  return (
    <div class="field">
      <span class="field-label">{label}</span>
      <div class="app-card-copy">
        <code data-testid={testId}>{text}</code>
        <CopyButton text={text} label={`Copy the ${label.toLowerCase()}`} />
      </div>
      {children}
    </div>
  );
}

/** `children`: what the secret is for. */
export function SecretBox({ children, ...what }: CopyableProps) {
  return (
    <Copyable {...what}>
      <p class="message">This is the only time that it is shown. {children}</p>
    </Copyable>
  );
}

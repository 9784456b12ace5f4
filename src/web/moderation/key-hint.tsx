// The key that does what its button does; for the eyes.

export function KeyHint({ of }: { of: string }) {
  return (
    <span class="key-hint" aria-hidden="true">
      {of}
    </span>
  );
}

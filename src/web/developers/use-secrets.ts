// Secrets that were made while the page is open; nowhere else are they to be seen again.
import { useState } from 'preact/hooks';

export function useSecrets() {
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  return {
    secretOf: (id: string): string | null => secrets[id] ?? null,
    keepSecret: (id: string, secret: string) => setSecrets((known) => ({ ...known, [id]: secret })),
  };
}

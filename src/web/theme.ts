// Dark or light: the system's wish until somebody chooses.
import { signal } from '@preact/signals';

export type Theme = 'dark' | 'light';
const KEY = 'footlight.theme';

export const theme = signal<Theme>(storedTheme() ?? systemTheme());

export function applyTheme(): void {
  const stored = storedTheme();
  if (stored) document.documentElement.dataset.theme = stored;
}

export function toggleTheme(): void {
  theme.value = theme.peek() === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme.peek();
  try {
    localStorage.setItem(KEY, theme.peek());
  } catch {
    // Storage is forbidden: the choice holds for this page only.
  }
}

function storedTheme(): Theme | null {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === 'dark' || stored === 'light' ? stored : null;
  } catch {
    return null;
  }
}

function systemTheme(): Theme {
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

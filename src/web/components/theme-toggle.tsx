// Dark to light and back.
import { theme, toggleTheme } from '../theme.ts';
import { Icon } from './icon.tsx';

export function ThemeToggle() {
  const next = theme.value === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      class="icon-button"
      onClick={toggleTheme}
      aria-label={`Switch to ${next} colours`}
      title={`Switch to ${next} colours`}
      data-testid="theme-toggle"
    >
      <Icon name={theme.value === 'dark' ? 'sun' : 'moon'} />
    </button>
  );
}

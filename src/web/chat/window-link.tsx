// From the head of the chat to a page that opens in a window of its own, since the picture goes on beside it.
import type { ComponentProps } from 'preact';
import { Icon } from '../components/icon.tsx';

interface WindowLinkProps {
  href: string;
  icon: ComponentProps<typeof Icon>['name'];
  words: string;
  /** Where the pointer is told less than is read out. */
  title?: string;
  testId: string;
}

export function WindowLink({ href, icon, words, title = words, testId }: WindowLinkProps) {
  return (
    <a
      class="chat-pop-out"
      href={href}
      target="_blank"
      rel="noopener"
      aria-label={words}
      title={title}
      data-testid={testId}
    >
      <Icon name={icon} />
    </a>
  );
}

// The address of this page, to pass on.
import { CopyButton } from './copy-button.tsx';

export function CopyLink() {
  return <CopyButton text={location.href} label="Copy the link to this page" word="Copy link" testId="copy-link" />;
}

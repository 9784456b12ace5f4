// When a watch page knocks: at a stream that says it is shut, and where there seems to be none, since that may be a private one.
import { useEffect } from 'preact/hooks';
import { refreshSession, session } from '../session.ts';
import type { followStream } from './follow-stream.ts';
import type { ViewerPass } from './viewer-pass.ts';

/** An invitation that comes while the page is open lets the viewer in by itself. */
const AGAIN_MS = 20_000;

export function useKnock(stream: ReturnType<typeof followStream>, pass: ViewerPass): void {
  const watch = stream.watch.value;
  const visibility = watch?.stream?.visibility;
  const isShut = visibility === 'password' || visibility === 'private';
  const seemsEmpty = stream.isMissing.value || (watch !== null && watch.stream === null);
  const { kind } = pass.entry.value;

  useEffect(() => {
    if ((isShut || seemsEmpty) && kind === 'open') pass.knock();
    if (kind === 'in') stream.refresh();
    if (kind !== 'refused') return;
    if (session.peek() === undefined) void refreshSession();
    const timer = setInterval(() => {
      if (!document.hidden) pass.knock();
    }, AGAIN_MS);
    return () => clearInterval(timer);
  }, [stream, pass, isShut, seemsEmpty, kind]);
}

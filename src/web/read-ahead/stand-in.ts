// Shows the first picture where the watch page will have it, until that page is drawn.

const ID = 'stand-in';
/** The boxes of shell.tsx, watch.tsx and player.tsx around the picture, from the outside: what is drawn later moves nothing. */
const HEADER = 'site-header';
const BOXES = [['main', 'page page-watch'] as const, ['article', 'watch'] as const, ['div', 'player'] as const];

export function standIn(video: HTMLVideoElement): void {
  const frame = box('div', '');
  frame.id = ID;
  frame.inert = true;
  frame.append(box('header', HEADER));
  let inner = frame;
  for (const [name, className] of BOXES) {
    const next = box(name, className);
    inner.append(next);
    inner = next;
  }
  inner.append(video);
  document.body.prepend(frame);
}

/** With the picture, if nobody has taken that. */
export const endStandIn = (): void => document.getElementById(ID)?.remove();

function box(name: string, className: string): HTMLElement {
  const element = document.createElement(name);
  element.className = className;
  return element;
}

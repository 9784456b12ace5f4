// Who is signed in, and where one goes from there: a button with a menu in the header, or the way to sign in.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Session } from '../../protocol/claims.ts';
import { route } from '../router.ts';
import { signInPath } from '../routes.ts';
import { session, signOut } from '../session.ts';
import './account-menu.css';

type User = NonNullable<Session['user']>;

export function AccountMenu() {
  const name = route.value.name;
  if (session.value === undefined) return <span class="account-unknown" />;
  const user = session.value?.user;
  if (user) return <Menu user={user} key={user.id} />;
  return (
    <a
      class="button button-small account-sign-in"
      href={signInPath(location)}
      aria-current={name === 'sign-in' ? 'page' : undefined}
      data-testid="header-sign-in"
    >
      Sign in
    </a>
  );
}

/** Which entry has the focus when the menu opens: the first or the last. */
type Place = 0 | -1;

function Menu({ user }: { user: User }) {
  const [opensAt, setOpensAt] = useState<Place | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const isOpen = opensAt !== null;
  const here = route.value;
  const close = () => setOpensAt(null);
  const entries = () => [...(root.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];

  useEffect(close, [here]);
  useLayoutEffect(() => {
    if (opensAt !== null) entries().at(opensAt)?.focus();
    setProblem(null);
  }, [opensAt]);
  // At once and not after the paint: the next key comes as soon as the menu has the focus.
  useLayoutEffect(() => {
    if (!isOpen) return;
    const leave = ({ target }: Event) => {
      if (!root.current?.contains(target as Node)) close();
    };
    addEventListener('pointerdown', leave);
    addEventListener('focusin', leave);
    return () => {
      removeEventListener('pointerdown', leave);
      removeEventListener('focusin', leave);
    };
  }, [isOpen]);

  const move = (step: 1 | -1) => {
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    all.at(at < 0 ? (step > 0 ? 0 : -1) : (at + step) % all.length)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const act = isOpen ? keysOfMenu[event.key] : keysOfButton[event.key];
    // The focus goes on from where it is, and then the menu closes.
    if (event.key === 'Tab') setTimeout(close);
    if (!act) return;
    event.preventDefault();
    act();
  };
  const keysOfButton: Record<string, () => void> = {
    ArrowDown: () => setOpensAt(0),
    ArrowUp: () => setOpensAt(-1),
  };
  const keysOfMenu: Record<string, () => void> = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Home: () => entries().at(0)?.focus(),
    End: () => entries().at(-1)?.focus(),
    // A link of a menu is pressed by the space bar as well.
    ' ': () => (document.activeElement as HTMLElement).click(),
    Escape: () => {
      close();
      button.current?.focus();
    },
  };
  const endSession = () =>
    signOut().then(
      // What had the focus is gone.
      () => document.getElementById('main')?.focus({ preventScroll: true }),
      (error: Error) => setProblem(error.message),
    );

  return (
    <div class="account" ref={root}>
      <button
        type="button"
        class="account-button"
        ref={button}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls="account-menu"
        onClick={() => setOpensAt(isOpen ? null : 0)}
        onKeyDown={onKeyDown}
        data-testid="account"
      >
        <span class="account-initial" aria-hidden="true">
          {user.name.slice(0, 1)}
        </span>
        <span class="visually-hidden">Account of </span>
        <span class="account-name" data-testid="signed-in-name">
          {user.name}
        </span>
      </button>
      <div class="account-panel" hidden={!isOpen} data-testid="account-panel">
        <p class="account-who">
          <strong>{user.name}</strong>
          <span class="muted">@{user.handle}</span>
        </p>
        {problem && (
          <p class="message message-bad" role="alert">
            {problem}
          </p>
        )}
        <div id="account-menu" role="menu" aria-label="Account" tabIndex={-1} onKeyDown={onKeyDown}>
          {PLACES.filter(({ isForAdmins }) => !isForAdmins || user.role === 'admin').map(({ path, word, testId }) => (
            <a key={path} href={path} role="menuitem" tabIndex={-1} onClick={close} data-testid={testId}>
              {word}
            </a>
          ))}
          <button type="button" role="menuitem" tabIndex={-1} onClick={endSession} data-testid="sign-out">
            Sign out
          </button>
        </div>
      </div>
    </div>
  );
}

const PLACES = [
  { path: '/studio', word: 'Studio', testId: 'menu-studio', isForAdmins: false },
  { path: '/moderate', word: 'Moderation', testId: 'menu-moderation', isForAdmins: false },
  { path: '/settings', word: 'Settings', testId: 'menu-settings', isForAdmins: false },
  { path: '/developers', word: 'Developers', testId: 'menu-developers', isForAdmins: false },
  { path: '/admin', word: 'Administration', testId: 'menu-admin', isForAdmins: true },
] as const;

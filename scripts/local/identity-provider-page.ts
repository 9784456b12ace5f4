// The pages of the local identity provider: pick a person, or read why there is nothing to pick.
import type { CastMember } from '../../src/auth/local-cast.ts';

/** `action`: where the form is sent; the chosen handle comes as `person`, and nothing for who goes back. */
export const pickPage = (people: readonly CastMember[], action: string): string =>
  page(
    'Who are you today?',
    `<p>These people live on this machine only. No password, no account anywhere.</p>
<form method="post" action="${escaped(action)}">
${people.map(person).join('\n')}
<button class="back" name="person" value="">Go back without signing in</button>
</form>`,
  );

export const overPage = (): string =>
  page(
    'This sign-in is over',
    '<p>It was finished already, or it took too long. Go back to Footlight and begin again.</p>',
  );

const person = ({ handle, name, about }: CastMember): string =>
  `<button class="person" name="person" value="${escaped(handle)}" data-testid="person-${escaped(handle)}">
<span class="initial" aria-hidden="true">${escaped(name.slice(0, 1))}</span>
<span><strong>${escaped(name)}</strong><small>${escaped(about)}</small></span>
</button>`;

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · Local cast</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="house">Footlight · local cast</p>
<h1>${escaped(title)}</h1>
${body}
</main>
</body>
</html>
`;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** The colours and shapes of the client's own pages (src/web/styles/tokens.css). */
const STYLE = `
:root { color-scheme: dark light; --surface: light-dark(#faf7f2, #0c0d14); --card: light-dark(#fff, #13141d);
  --line: light-dark(#e2dacd, #272938); --ink: light-dark(#1b1824, #f5f1ea); --quiet: light-dark(#686273, #9391a3);
  --amber: light-dark(#9a5b00, #ffb547); }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; padding: 1.5rem 1rem; color: var(--ink);
  background: radial-gradient(50rem 24rem at 50% 100%, light-dark(rgb(255 181 71 / 0.3), rgb(255 160 40 / 0.16)), var(--surface));
  font: 1rem/1.5 Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { width: min(27rem, 100%); display: grid; gap: 1rem; }
.house { margin: 0; color: var(--amber); font-weight: 650; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.15; letter-spacing: -0.02em; }
p { margin: 0; color: var(--quiet); }
form { display: grid; gap: 0.75rem; margin-top: 0.5rem; }
button { font: inherit; color: inherit; cursor: pointer; }
.person { display: flex; align-items: center; gap: 1rem; width: 100%; padding: 0.9rem 1rem; text-align: left;
  border: 1px solid var(--line); border-radius: 14px; background: var(--card); }
.person:hover { border-color: var(--amber); }
.person span:last-child { display: grid; }
small { color: var(--quiet); }
.initial { display: grid; place-items: center; width: 2.75rem; height: 2.75rem; border-radius: 50%; color: #241500;
  background: linear-gradient(160deg, #ffcf87, #e08a1c); font-size: 1.15rem; font-weight: 750; }
.back { padding: 0.6rem; border: 0; background: none; color: var(--quiet); }
.back:hover { color: var(--ink); text-decoration: underline; }
:focus-visible { outline: 3px solid light-dark(#9a5b00, #ffcf87); outline-offset: 2px; }
`;

// How the page of the API looks: the colours of the client, dark and light as the system wishes, phone and desktop.

export const STYLE = `:root {
  color-scheme: dark light;
  --surface-0: light-dark(#faf7f2, #0c0d14);
  --surface-1: light-dark(#ffffff, #13141d);
  --surface-2: light-dark(#f1ece3, #1b1d29);
  --line: light-dark(#e2dacd, #272938);
  --ink-1: light-dark(#1b1824, #f5f1ea);
  --ink-2: light-dark(#4b4656, #bdb9c6);
  --ink-3: light-dark(#686273, #9391a3);
  --amber: light-dark(#9a5b00, #ffb547);
  --good: light-dark(#13703f, #5fd38d);
  --bad: light-dark(#b3172d, #ff7b86);
  --focus: light-dark(#9a5b00, #ffcf87);
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace;
}
* { box-sizing: border-box; }
html { scroll-padding-top: 4rem; background: var(--surface-0); -webkit-text-size-adjust: 100%; }
body {
  margin: 0; color: var(--ink-1); line-height: 1.5;
  font-family: "Inter", ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
a { color: var(--amber); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
code, pre { font-family: var(--mono); font-size: 0.8125rem; overflow-wrap: anywhere; }
.skip-link { position: absolute; left: -999px; }
.skip-link:focus { left: 1rem; top: 0.5rem; z-index: 2; background: var(--surface-1); padding: 0.5rem; }
header {
  position: sticky; top: 0; z-index: 1; display: flex; align-items: center; justify-content: space-between;
  min-height: 3.25rem; padding: 0 clamp(1rem, 4vw, 2.5rem); background: var(--surface-0); border-bottom: 1px solid var(--line);
}
.wordmark { font-weight: 760; letter-spacing: -0.02em; color: var(--ink-1); text-decoration: none; }
.layout { display: grid; grid-template-columns: 18rem minmax(0, 1fr); max-width: 80rem; margin: 0 auto; }
.layout > nav {
  position: sticky; top: 3.25rem; align-self: start; max-height: calc(100dvh - 3.25rem); overflow-y: auto;
  padding: 1.5rem 1rem 2rem clamp(1rem, 4vw, 2.5rem);
}
.contents { display: none; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav > ul > li { margin-bottom: 0.75rem; }
nav a { display: block; padding: 0.2rem 0; color: var(--ink-2); text-decoration: none; font-size: 0.875rem; overflow-wrap: anywhere; }
nav > ul > li > a { color: var(--ink-1); font-weight: 700; }
nav a:hover { color: var(--amber); }
main { min-width: 0; padding: 1.5rem clamp(1rem, 4vw, 2.5rem) 4rem; }
h1 { margin: 0 0 1rem; font-size: clamp(1.6rem, 3.5vw, 2.25rem); line-height: 1.15; letter-spacing: -0.02em; }
h2 { margin: 2.5rem 0 1rem; font-size: 1.2rem; text-transform: capitalize; }
h3 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
h3 code { font-size: 0.9375rem; }
h4 { margin: 1.25rem 0 0.5rem; font-size: 0.8125rem; color: var(--ink-3); }
p { margin: 0.5rem 0; }
.door { margin-bottom: 1rem; padding: clamp(1rem, 2.5vw, 1.5rem); background: var(--surface-1); border: 1px solid var(--line); border-radius: 14px; }
.door:target { border-color: var(--amber); }
.needs { color: var(--ink-2); font-size: 0.875rem; }
.method { font-family: var(--mono); font-size: 0.75rem; font-weight: 700; color: var(--amber); }
.method.get { color: var(--good); }
.method.delete { color: var(--bad); }
.fields { margin: 0; }
.fields > div { display: grid; grid-template-columns: minmax(9rem, 14rem) minmax(0, 1fr); gap: 0 1rem; padding: 0.4rem 0; border-top: 1px solid var(--line); }
.fields dt { overflow-wrap: anywhere; }
.fields dd { margin: 0; color: var(--ink-2); font-size: 0.875rem; overflow-wrap: anywhere; }
.fields .fields { margin: 0.4rem 0 0; }
.codes > div:target { background: var(--surface-2); }
.type { font-family: var(--mono); font-size: 0.8125rem; color: var(--ink-1); }
.optional { color: var(--ink-3); font-size: 0.8125rem; }
.status { margin: 0.25rem 0; font-size: 0.875rem; color: var(--ink-2); }
.status b { display: inline-block; min-width: 2.5rem; color: var(--ink-1); font-variant-numeric: tabular-nums; }
summary { cursor: pointer; padding: 0.25rem 0; }
pre { margin: 1rem 0 0; padding: 0.75rem 1rem; background: var(--surface-2); border-radius: 8px; white-space: pre-wrap; }
@media (max-width: 56rem) {
  .layout { display: block; }
  .layout > nav { display: none; }
  .contents { display: block; padding: 0.75rem clamp(1rem, 4vw, 2.5rem); border-bottom: 1px solid var(--line); }
  nav a { padding: 0.5rem 0; }
}
@media (max-width: 34rem) {
  .fields > div { display: block; }
}
`;

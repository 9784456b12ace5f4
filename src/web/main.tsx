// The client's entry: draws the page that the address names. (index.html has asked for a watched stream already.)
import { render } from 'preact';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import { App } from './app.tsx';
import { endStandIn } from './read-ahead/stand-in.ts';
import { applyTheme } from './theme.ts';

/** Drawing the page takes the browser's one thread for a while: what is read ahead is asked for before, unless that takes long. */
const PATIENCE_MS = 150;

applyTheme();
const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
void Promise.race([window.footlightReadAhead?.asked, patience]).then(() => {
  const root = document.getElementById('app');
  if (root) render(<App />, root);
  endStandIn();
});

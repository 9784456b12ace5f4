// The client's entry: draws the page that the address names. (index.html has asked for a watched stream already.)
import { render } from 'preact';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import { App } from './app.tsx';
import { applyTheme } from './theme.ts';

applyTheme();
const root = document.getElementById('app');
if (root) render(<App />, root);

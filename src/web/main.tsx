// The client's entry: asks for the page's code and, on a watch page, for the stream, before anything is drawn.
import { render } from 'preact';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import { App } from './app.tsx';
import { preloadStream } from './player/preload.ts';
import { matchRoute } from './routes.ts';
import { applyTheme } from './theme.ts';

applyTheme();
const route = matchRoute(location.pathname);
if (route.name === 'watch') preloadStream(route.id);
const root = document.getElementById('app');
if (root) render(<App />, root);

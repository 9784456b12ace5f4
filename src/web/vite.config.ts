// How the client is built: the watch page in the first file, the other pages each in their own, into dist/client where the Worker serves it.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { pageHeaders } from './page-headers.ts';
import { inlineReadAhead } from './read-ahead/inline-plugin.ts';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [inlineReadAhead(), pageHeaders()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: fileURLToPath(new URL('../../dist/client', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // Never a data: URL, so that the page can be served with a strict content security policy.
    assetsInlineLimit: 0,
    // Small enough for one file, and a page that is opened later needs no second one.
    cssCodeSplit: false,
    // Its own chunk: a new release of the page does not make viewers fetch hls.js again.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'hls', test: /node_modules\/hls\.js/ }] } } },
    modulePreload: { polyfill: false },
    // hls.js alone is above the default of 500 kB; it is its own chunk and loads beside the page.
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: Object.fromEntries(['/api', '/auth', '/live', '/whip'].map((path) => [path, 'http://127.0.0.1:8787'])),
  },
});

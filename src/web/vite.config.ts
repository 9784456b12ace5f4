// How the client is built: one page, code split per page, into dist/client where the Worker serves it.
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [preloadPlayer()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: fileURLToPath(new URL('../../dist/client', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // Never a data: URL, so that the page can be served with a strict content security policy.
    assetsInlineLimit: 0,
    // Its own chunk: a new release of the page does not make viewers fetch hls.js again.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'hls', test: /node_modules\/hls\.js/ }] } } },
    modulePreload: { polyfill: false },
    // hls.js alone is above the default of 500 kB; it is its own chunk and loads beside the page.
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: { '/api': 'http://127.0.0.1:8787', '/live': 'http://127.0.0.1:8787', '/whip': 'http://127.0.0.1:8787' },
  },
});

/** Names the player's code in the page itself: a link to a stream then needs no round trip to learn of it. */
function preloadPlayer(): Plugin {
  return {
    name: 'preload-player',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const chunks = Object.values(bundle ?? {}).filter((output) => output.type === 'chunk');
        return chunks
          .filter(({ name }) => name === 'watch' || name === 'hls')
          .map(({ fileName }) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `/${fileName}` },
            injectTo: 'head' as const,
          }));
      },
    },
  };
}

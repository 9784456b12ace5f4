// Puts the read-ahead into index.html itself: a file of its own would cost the round trip that it saves.
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

const ENTRY = fileURLToPath(new URL('./inline.ts', import.meta.url));

/** Before the style sheets: a script behind one waits for it. */
const PLACE = '<!-- read-ahead -->';

export function inlineReadAhead(): Plugin {
  return {
    name: 'footlight-inline-read-ahead',
    async transformIndexHtml(html) {
      const script = `<script>${await bundled()}</script>`;
      return html.replace(PLACE, () => script);
    },
  };
}

/** The entry with all it imports as one classic script. */
async function bundled(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, target: 'es2022', lib: { entry: ENTRY, formats: ['iife'], name: 'footlight' } },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!output || !('output' in output)) throw new Error('The read-ahead was not built: vite gave no output.');
  return output.output[0].code.trim();
}

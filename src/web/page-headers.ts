// The security headers of our pages. Static files do not pass the Worker, so the build writes them into `_headers` beside the pages.
import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

/** At each build, from the page as it is then: what runs in it is named by its hash, and nothing else runs. */
export function pageHeaders(): Plugin {
  return {
    name: 'footlight-page-headers',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const page = bundle['index.html'];
        if (page?.type !== 'asset') throw new Error('The build made no index.html, so its headers cannot be written.');
        this.emitFile({ type: 'asset', fileName: '_headers', source: headersFile(String(page.source)) });
      },
    },
  };
}

/** The file for every path of the static files, in the format of Workers static assets. */
export function headersFile(html: string): string {
  const lines = Object.entries(HEADERS).map(([name, value]) => `  ${name}: ${value}`);
  return `/*\n  Content-Security-Policy: ${policyOf(html)}\n${lines.join('\n')}\n`;
}

const HEADERS = {
  'Strict-Transport-Security': 'max-age=31536000',
  'X-Content-Type-Options': 'nosniff',
  // Not no-referrer: a form of ours would then come from the origin "null", as one of anybody's does.
  'Referrer-Policy': 'same-origin',
  // Others are refused to us as well: nothing here needs them.
  'Permissions-Policy':
    'camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=(), serial=(), midi=()',
} as const;

function policyOf(html: string): string {
  const directives: Record<string, string[]> = {
    'default-src': ["'none'"],
    'script-src': ["'self'", ...inlineScripts(html).map((script) => `'sha256-${sha256(script)}'`)],
    // media-chrome writes the styles of its controls into its shadow roots, and new ones at run time: no hash can name them.
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'"],
    'font-src': ["'self'"],
    // blob: is the MediaSource that hls.js plays into.
    'media-src': ["'self'", 'blob:'],
    'connect-src': ["'self'"],
    'manifest-src': ["'self'"],
    'form-action': ["'self'"],
    'base-uri': ["'none'"],
    'frame-ancestors': ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}

/** What stands between the tags, to the byte: that is what a browser hashes. */
const inlineScripts = (html: string): string[] =>
  [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => script ?? '');

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

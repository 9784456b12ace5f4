// The policy of our pages names what runs in them, to the byte, and allows nothing else.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { headersFile } from '../../src/web/page-headers.ts';

const policyOf = (html: string): string => /Content-Security-Policy: (.+)/.exec(headersFile(html))?.[1] ?? '';
const hashOf = (script: string): string => `'sha256-${createHash('sha256').update(script).digest('base64')}'`;

describe('the policy of our pages', () => {
  it('names each script that stands in the page, and none that is a file', () => {
    const scripts = ['fetch("/live/x")', '\n  let a = 1;\n'];
    const html = `<head><script>${scripts[0]}</script><script type="module" src="/a.js"></script><script>${scripts[1]}</script></head>`;
    expect(policyOf(html)).toContain(`script-src 'self' ${scripts.map(hashOf).join(' ')};`);
  });

  it('lets no other script run, not even one that is written into the page', () => {
    const scriptSources = /script-src ([^;]+)/.exec(policyOf('<p>no script</p>'))?.[1];
    expect(scriptSources).toBe("'self'");
    expect(policyOf('')).toContain("default-src 'none'");
    expect(policyOf('')).not.toContain('unsafe-eval');
  });

  it('holds for every path, one header a line', () => {
    const [path, ...lines] = headersFile('').trimEnd().split('\n');
    expect(path).toBe('/*');
    for (const line of lines) expect(line).toMatch(/^ {2}[A-Z][A-Za-z-]+: \S/);
  });
});

// The design, held against every file of the tree: who imports whom, and how a file looks.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { brokenRule, importsOf } from './support/imports.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const LINES_MAX = 250;

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const sources = tracked.filter((path) => /\.tsx?$/.test(path));
const product = sources.filter((path) => /^(src|durable-objects|transcoder|scripts)\//.test(path));
const complaints = (paths: string[], complain: (path: string) => string[]): string[] =>
  paths.flatMap((path) => complain(path).map((complaint) => `${path}: ${complaint}`));

describe('the tree', () => {
  it('has every room of the design', () => {
    for (const room of [
      'src/protocol/',
      'src/domain/',
      'src/storage/',
      'src/auth/',
      'src/routes/',
      'src/web/',
      'durable-objects/',
      'transcoder/',
    ]) {
      expect(sources.some((path) => path.startsWith(room))).toBe(true);
    }
  });

  it('imports only what the import table allows', () => {
    expect(
      complaints(sources, (path) => importsOf(read(path)).flatMap((found) => brokenRule(path, found) ?? [])),
    ).toEqual([]);
  });

  it('keeps the rules pure: no clock, no randomness, no network, no timers in domain', () => {
    const impure =
      /\b(Date\.now|new Date\(\)|Math\.random|crypto\.|fetch\(|setTimeout|setInterval|performance\.now|console\.)/;
    const domain = sources.filter((path) => path.startsWith('src/domain/'));
    expect(complaints(domain, (path) => withoutComments(read(path)).match(impure)?.slice(0, 1) ?? [])).toEqual([]);
  });

  it('opens every source file with a line that says what the file is for', () => {
    const isOpening = /^(\/\/|\/\*\*?) \S+/;
    expect(product.filter((path) => !isOpening.test(read(path).replace(/^#!.*\n/, '')))).toEqual([]);
  });

  it(`keeps every source file within ${LINES_MAX} lines`, () => {
    const long = product.filter((path) => read(path).trimEnd().split('\n').length > LINES_MAX);
    expect(long.map((path) => `${path}: ${read(path).trimEnd().split('\n').length} lines`)).toEqual([]);
  });

  it('has no promise of later work, no switched-off lint and no unchecked type', () => {
    const words = [
      'TO' + 'DO',
      'FIX' + 'ME',
      'biome-' + 'ignore',
      '@ts-' + 'ignore',
      '@ts-' + 'expect-error',
      'as' + ' any',
    ];
    expect(complaints(sources, (path) => words.filter((word) => hasWord(path, word)))).toEqual([]);
  });

  it('names files in kebab-case', () => {
    expect(sources.filter((path) => !/^[a-z0-9-]+(\.[a-z0-9-]+)*\.tsx?$/.test(path.split('/').at(-1) ?? ''))).toEqual(
      [],
    );
  });

  it('names no package registry and no path of one machine', () => {
    const text = tracked.filter((path) => !/\.(png|jpg|woff2|ico|bin)$/.test(path));
    const private_ = new RegExp(
      [
        '"resol' + 'ved":',
        'registry\\.npm' + 'js',
        '/work/' + '(main|shared)',
        '/ho' + 'me/[a-z]',
        '/Use' + 'rs/[a-z]',
      ].join('|'),
    );
    expect(complaints(text, (path) => read(path).match(private_)?.slice(0, 1) ?? [])).toEqual([]);
  });
});

describe('the reader of imports', () => {
  it('finds plain, type, side-effect, re-export and dynamic imports', () => {
    const source =
      "import { a } from './a.ts';\nimport type { B } from './b.ts';\nimport './c.css';\nexport * from './d.ts';\nconst e = await import('./e.ts');";
    expect(importsOf(source).map(({ specifier }) => specifier)).toEqual([
      './a.ts',
      './b.ts',
      './c.css',
      './d.ts',
      './e.ts',
    ]);
    expect(importsOf(source)[1]?.isTypeOnly).toBe(true);
  });

  it('takes an import for one of types only when nothing of it is left in the built file', () => {
    const source =
      "import { type Api } from './app.ts';\nimport type { Api } from './app.ts';\nexport type { Api } from './app.ts';";
    expect(importsOf(source).map(({ isTypeOnly }) => isTypeOnly)).toEqual([false, true, true]);
  });

  it('finds an import that spans lines', () => {
    expect(importsOf("import {\n  a,\n  b,\n} from './ab.ts';")).toEqual([{ specifier: './ab.ts', isTypeOnly: false }]);
  });

  it.each([
    ['src/domain/hls/a.ts', 'node:fs', false],
    ['src/domain/hls/a.ts', '../../storage/b.ts', false],
    ['src/protocol/a.ts', 'hono', false],
    ['src/routes/a.ts', '../../durable-objects/fleet.ts', false],
    ['src/web/a.ts', '../routes/streams.ts', false],
    ['src/web/a.ts', '../routes/streams.ts', true],
    ['src/web/a.ts', '../app.ts', false],
    ['src/web/a.ts', 'hono', false],
    ['src/web/a.ts', '@hono/zod-openapi', true],
    ['transcoder/a.ts', '../src/storage/b.ts', false],
    ['durable-objects/a.ts', '../src/routes/b.ts', true],
    ['src/auth/a.ts', './b', false],
  ])('forbids %s to import %s', (path, specifier, isTypeOnly) => {
    expect(brokenRule(path, { specifier, isTypeOnly })).not.toBeNull();
  });

  it.each([
    ['src/routes/a.ts', '../../durable-objects/fleet.ts', true],
    ['transcoder/a.ts', '../src/domain/hls/ladder.ts', false],
    ['src/index.ts', '../durable-objects/fleet.ts', false],
    ['src/web/a.ts', '../app.ts', true],
    ['src/web/a.ts', 'hono/client', false],
  ])('allows %s to import %s', (path, specifier, isTypeOnly) => {
    expect(brokenRule(path, { specifier, isTypeOnly })).toBeNull();
  });
});

const withoutComments = (source: string): string => source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');

/** A cast is looked for in code only: "as any" is plain English in a comment. */
function hasWord(path: string, word: string): boolean {
  const text = word.startsWith('as') ? withoutComments(read(path)).replace(/'[^'\n]*'/g, '') : read(path);
  return new RegExp(`(^|[^\\w])${word}\\b`).test(text);
}

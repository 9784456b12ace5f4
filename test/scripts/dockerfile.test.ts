// The transcoder's image: everything it copies is there, everything it needs is copied, and it does not run as root.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../scripts/dockerfile/parse.ts';
import { ROOT } from '../../scripts/local/settings.ts';

const stages = parseDockerfile(readFileSync(join(ROOT, 'transcoder/Dockerfile'), 'utf8'));
const image = stages.at(-1)!;
const copied = image.steps.filter(({ instruction }) => instruction === 'COPY');
const textOf = (instruction: string) =>
  image.steps.filter((step) => step.instruction === instruction).map(({ text }) => text);

describe('the image of the transcoder', () => {
  it('copies only what is there', () => {
    for (const { text, options } of stages
      .flatMap(({ steps }) => steps)
      .filter(({ instruction }) => instruction === 'COPY')) {
      for (const path of text.split(' ').slice(0, -1)) {
        const source = options.from ? join(ROOT, path.replace('/app/', '')) : join(ROOT, path);
        expect([path, existsSync(source)]).toEqual([path, true]);
      }
    }
  });

  it('holds every package and every room of the house that the transcoder imports', () => {
    const held = copied.map(({ text }) => text.split(' ')[0]?.replace('/app/', ''));
    const files = readdirSync(join(ROOT, 'transcoder'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const imports = files.flatMap((name) =>
      [
        ...readFileSync(join(ROOT, 'transcoder', name), 'utf8').matchAll(/^(?:import|export) .*?from '([^']+)';/gms),
      ].map((match) => match[1]!),
    );
    expect(imports.length).toBeGreaterThan(50);
    for (const path of new Set(imports)) {
      if (path.startsWith('node:')) continue;
      const room = /src\/(\w+)\//.exec(path)?.[1];
      if (room) expect(held).toContain(`src/${room}`);
      else if (!path.startsWith('.')) expect(held).toContain(`node_modules/${path}`);
    }
  });

  it('does not run as root, tells its ports and its health, and starts the node', () => {
    expect(textOf('USER')).toEqual(['node']);
    expect(textOf('EXPOSE')).toEqual(['1935/tcp 8936/tcp 40000-40999/udp']);
    expect(textOf('HEALTHCHECK').join()).toContain('/healthz');
    expect(JSON.parse(textOf('CMD')[0] ?? '')).toEqual(['node', 'transcoder/main.ts']);
    expect(image.base).toMatch(/^node:24-bookworm-slim$/);
  });

  it('is refused when it cannot be read', () => {
    expect(() => parseDockerfile('RUN ls')).toThrow(/Line 1: RUN stands before the first FROM/);
    expect(() => parseDockerfile('FROM a\nRUN b && \\')).toThrow(/Line 2: the last instruction is not finished/);
  });
});

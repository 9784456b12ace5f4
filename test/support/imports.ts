// Reads what a source file imports, and says which rule of the import table an import breaks.
import { dirname, join, normalize } from 'node:path';

export interface Import {
  specifier: string;
  isTypeOnly: boolean;
}

/** Every static, dynamic and re-exporting import; comments are taken out first, so that examples do not count. */
export function importsOf(source: string): Import[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const statics = code.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm);
  const dynamics = code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g);
  return [
    ...[...statics].map((match) => ({ specifier: match[2] ?? '', isTypeOnly: match[1] !== undefined })),
    ...[...dynamics].map((match) => ({ specifier: match[1] ?? '', isTypeOnly: false })),
  ];
}

export type Room = keyof typeof TABLE;

interface Rule {
  rooms: Room[];
  /** Rooms of which only types may be used. */
  types?: Room[];
  packages: RegExp[];
}

const NODE = /^node:/;
const PLATFORM = /^cloudflare:/;

/** DESIGN section 3; every room may import itself. */
const TABLE = {
  protocol: { rooms: [], packages: [/^zod$/] },
  domain: { rooms: ['protocol'], packages: [/^obscenity$/] },
  storage: { rooms: ['protocol', 'domain'], packages: [/^drizzle-orm(\/|$)/] },
  auth: { rooms: ['protocol', 'domain', 'storage'], packages: [/^jose$/, /^oauth4webapi$/] },
  'durable-objects': { rooms: ['protocol', 'domain', 'storage'], packages: [PLATFORM] },
  routes: {
    rooms: ['protocol', 'domain', 'storage', 'auth'],
    types: ['durable-objects'],
    packages: [/^hono(\/|$)/, /^@hono\/zod-openapi$/, /^zod$/, PLATFORM],
  },
  jobs: { rooms: ['protocol', 'domain', 'storage', 'auth'], types: ['durable-objects'], packages: [/^hono(\/|$)/] },
  web: {
    rooms: ['protocol', 'domain'],
    types: ['entry'],
    packages: [
      /^preact(\/|$)/,
      /^@preact\//,
      /^hls\.js(\/|$)/,
      /^media-chrome(\/|$)/,
      /^hono\/client$/,
      /^vite$/,
      NODE,
    ],
  },
  transcoder: { rooms: ['protocol', 'domain'], packages: [NODE, /^zod$/, /^ws$/, /^node-datachannel(\/|$)/] },
  // app.ts, index.ts and env.d.ts: the sitemap joins what the rooms offer.
  entry: {
    rooms: ['protocol', 'domain', 'storage', 'auth', 'routes', 'jobs', 'durable-objects'],
    packages: [/^hono(\/|$)/, /^@hono\/zod-openapi$/, PLATFORM],
  },
} satisfies Record<string, { rooms: string[]; types?: string[]; packages: RegExp[] }>;

/** The room of a path from the root, or null for what the table does not rule (tests, scripts). */
export function roomOf(path: string): Room | null {
  const [top = '', second = ''] = path.split('/');
  if (top === 'transcoder' || top === 'durable-objects') return top;
  if (top !== 'src' || path === 'src/web/vite.config.ts') return null;
  return second in TABLE ? (second as Room) : 'entry';
}

/** What is wrong with this import of this file, or null. */
export function brokenRule(path: string, { specifier, isTypeOnly }: Import): string | null {
  const room = roomOf(path);
  if (specifier.startsWith('.')) {
    const target = normalize(join(dirname(path), specifier)).replace(/\?.*$/, '');
    if (!/\.(ts|tsx|css|json|svg)$/.test(target)) return `imports "${specifier}" without its .ts extension`;
    const targetRoom = roomOf(target);
    if (room === null) return null;
    if (targetRoom === null) return `imports "${specifier}", which is no part of the product`;
    const rule: Rule = TABLE[room] as Rule;
    if (targetRoom === room || rule.rooms.includes(targetRoom)) return null;
    if (isTypeOnly && rule.types?.includes(targetRoom)) return null;
    return `${room} may not import ${isTypeOnly ? 'types of ' : ''}${targetRoom} ("${specifier}")`;
  }
  if (specifier.startsWith('/') || specifier.startsWith('#'))
    return `imports "${specifier}", which is not a relative path`;
  if (room === null) return null;
  return TABLE[room].packages.some((allowed) => allowed.test(specifier))
    ? null
    : `${room} may not import "${specifier}"`;
}

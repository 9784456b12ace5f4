// The environment of a node, parsed once: a wrong variable is answered by one clear sentence.
import { z } from 'zod';
import { PRESETS } from '../src/domain/hls/ladder.ts';
import { NodeId } from '../src/protocol/ids.ts';

const port = z.coerce.number().int().min(1).max(65_535);
const onOff = z.enum(['on', 'off']).transform((value) => value === 'on');
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);
const httpUrl = z.url({ protocol: /^https?$/ });

/** name -> [what it must be, in words]. */
const WANTED: Record<string, string> = {
  EDGE_URL: 'the address of the edge, like https://live.example.com',
  NODE_SECRET: 'the secret that the edge shares with its nodes, 16 characters or more',
  NODE_ID: 'an id like nd_abcd1234, or nothing for a new one at every start',
  RTMP_PORT: 'a port from 1 to 65535',
  RTMPS_PORT: 'a port from 1 to 65535',
  TLS_CERT_FILE: 'the path of a certificate in PEM form',
  TLS_KEY_FILE: 'the path of a private key in PEM form',
  CONTROL_PORT: 'a port from 1 to 65535',
  LISTEN_HOST: 'an address of this machine, like 0.0.0.0',
  WHIP_PORT_MIN: 'a UDP port from 1024 to 65535',
  WHIP_PORT_MAX: 'a UDP port from 1024 to 65535, not below WHIP_PORT_MIN',
  WHIP_MUX: '"on" (one UDP port for all broadcasts: WHIP_PORT_MIN) or "off"',
  PUBLIC_RTMP_URL: 'the address that encoders are given, like rtmp://ingest.example.com/live',
  PUBLIC_CONTROL_URL: 'the address at which the edge reaches this node, like https://node1.example.com',
  PUBLIC_ADDRESSES: 'the public IP addresses of this node, separated by commas',
  REGION: 'a short name, 32 characters at most',
  CAPACITY_UNITS: 'a number of cores, like 1.4',
  MAX_SHORT_SIDE: 'a number of lines from 144 to 2160',
  PRESET: `one of ${PRESETS.join(', ')}`,
  PASSTHROUGH: '"on" or "off"',
  MAX_FPS: 'a number from 15 to 60',
};

const Environment = z
  .object({
    EDGE_URL: httpUrl,
    NODE_SECRET: z.string().min(16),
    NODE_ID: NodeId.optional(),
    RTMP_PORT: port.default(1935),
    RTMPS_PORT: port.optional(),
    TLS_CERT_FILE: z.string().optional(),
    TLS_KEY_FILE: z.string().optional(),
    CONTROL_PORT: port.default(8936),
    LISTEN_HOST: z.string().default('0.0.0.0'),
    WHIP_PORT_MIN: z.coerce.number().int().min(1024).max(65_535).default(40_000),
    WHIP_PORT_MAX: z.coerce.number().int().min(1024).max(65_535).default(40_999),
    WHIP_MUX: onOff.default(false),
    PUBLIC_RTMP_URL: z.url({ protocol: /^rtmps?$/ }).optional(),
    PUBLIC_CONTROL_URL: httpUrl.optional(),
    PUBLIC_ADDRESSES: list.pipe(z.array(z.union([z.ipv4(), z.ipv6()])).max(8)).default([]),
    REGION: z.string().max(32).default('local'),
    CAPACITY_UNITS: z.coerce.number().positive().max(1024).optional(),
    MAX_SHORT_SIDE: z.coerce.number().int().min(144).max(2160).default(1080),
    PRESET: z.enum(PRESETS).default('veryfast'),
    PASSTHROUGH: onOff.default(true),
    MAX_FPS: z.coerce.number().min(15).max(60).default(60),
  })
  .refine(({ WHIP_PORT_MIN, WHIP_PORT_MAX }) => WHIP_PORT_MIN <= WHIP_PORT_MAX, { path: ['WHIP_PORT_MAX'] })
  .refine(({ RTMPS_PORT, TLS_CERT_FILE }) => !RTMPS_PORT || TLS_CERT_FILE, { path: ['TLS_CERT_FILE'] })
  .refine(({ RTMPS_PORT, TLS_KEY_FILE }) => !RTMPS_PORT || TLS_KEY_FILE, { path: ['TLS_KEY_FILE'] });

/** Cores that ffmpeg may use: beyond this share of the machine the delay grows (measured on two cores). */
const CAPACITY_SHARE = 0.7;

export interface Config {
  edgeUrl: string;
  nodeSecret: string;
  /** null: a new one is made at every start. */
  nodeId: NodeId | null;
  host: string;
  rtmpPort: number;
  rtmps: { port: number; certFile: string; keyFile: string } | null;
  controlPort: number;
  whip: { portMin: number; portMax: number; mux: boolean; publicAddresses: string[] };
  publicRtmpUrl: string;
  publicControlUrl: string;
  region: string;
  capacityUnits: number;
  ladder: { maxShortSide: number; preset: (typeof PRESETS)[number]; passthrough: boolean; maxFrameRate: number };
}

export type ConfigAnswer = { ok: true; config: Config } | { ok: false; problems: string[] };

/** Empty variables count as not set. `cores`: of this machine. */
export function readConfig(env: Record<string, string | undefined>, { cores }: { cores: number }): ConfigAnswer {
  const parsed = Environment.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
    return { ok: false, problems: names.map((name) => problemWith(name, env[name])) };
  }
  const set = parsed.data;
  const { RTMPS_PORT, TLS_CERT_FILE, TLS_KEY_FILE } = set;
  return {
    ok: true,
    config: {
      edgeUrl: set.EDGE_URL,
      nodeSecret: set.NODE_SECRET,
      nodeId: set.NODE_ID ?? null,
      host: set.LISTEN_HOST,
      rtmpPort: set.RTMP_PORT,
      rtmps: RTMPS_PORT ? { port: RTMPS_PORT, certFile: TLS_CERT_FILE ?? '', keyFile: TLS_KEY_FILE ?? '' } : null,
      controlPort: set.CONTROL_PORT,
      whip: {
        portMin: set.WHIP_PORT_MIN,
        portMax: set.WHIP_PORT_MAX,
        mux: set.WHIP_MUX,
        publicAddresses: set.PUBLIC_ADDRESSES,
      },
      publicRtmpUrl: set.PUBLIC_RTMP_URL ?? `rtmp://127.0.0.1:${set.RTMP_PORT}/live`,
      publicControlUrl: set.PUBLIC_CONTROL_URL ?? `http://127.0.0.1:${set.CONTROL_PORT}`,
      region: set.REGION,
      capacityUnits: set.CAPACITY_UNITS ?? Math.round(cores * CAPACITY_SHARE * 100) / 100,
      ladder: {
        maxShortSide: set.MAX_SHORT_SIDE,
        preset: set.PRESET,
        passthrough: set.PASSTHROUGH,
        maxFrameRate: set.MAX_FPS,
      },
    },
  };
}

function problemWith(name: string, value: string | undefined): string {
  const wanted = WANTED[name] ?? 'something else';
  if (value === undefined || value === '') return `${name} is not set: set it to ${wanted}.`;
  // A secret is never repeated, not even a wrong one.
  return name === 'NODE_SECRET'
    ? `${name} is too short: set it to ${wanted}.`
    : `${name} is "${value}": set it to ${wanted}.`;
}

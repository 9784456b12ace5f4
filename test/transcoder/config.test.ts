// The environment of a node: what is needed, what is assumed, and what is said when it is wrong.
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../transcoder/config.ts';

const GOOD = { EDGE_URL: 'http://127.0.0.1:8787', NODE_SECRET: 'a-secret-of-sixteen-or-more' };
const read = (env: Record<string, string | undefined>) => readConfig(env, { cores: 2 });
const problems = (env: Record<string, string>): string[] => {
  const answer = read({ ...GOOD, ...env });
  return answer.ok ? [] : answer.problems;
};

describe('the configuration of a node', () => {
  it('needs only the edge and the secret', () => {
    const answer = read(GOOD);
    expect(answer).toMatchObject({
      ok: true,
      config: {
        rtmpPort: 1935,
        controlPort: 8936,
        capacityUnits: 1.4,
        publicRtmpUrl: 'rtmp://127.0.0.1:1935/live',
        publicControlUrl: 'http://127.0.0.1:8936',
        whip: { portMin: 40_000, portMax: 40_999, mux: false, publicAddresses: [] },
        ladder: { preset: 'veryfast', passthrough: true, maxShortSide: 1080, maxFrameRate: 60 },
      },
    });
  });

  it('says what is missing, all of it at once', () => {
    const answer = read({});
    expect(answer.ok ? [] : answer.problems).toEqual([
      expect.stringMatching(/^EDGE_URL is not set: set it to the address of the edge/),
      expect.stringMatching(/^NODE_SECRET is not set/),
    ]);
  });

  it.each([
    ['RTMP_PORT', 'ninety'],
    ['CONTROL_PORT', '70000'],
    ['EDGE_URL', 'ftp://edge'],
    ['PRESET', 'placebo'],
    ['PASSTHROUGH', 'maybe'],
    ['CAPACITY_UNITS', '-1'],
    ['PUBLIC_ADDRESSES', '203.0.113.1,somewhere'],
    ['NODE_ID', 'me'],
    ['MAX_FPS', '500'],
    ['WHIP_PORT_MAX', '30000'],
  ])('names a wrong %s and its remedy in one sentence', (name, value) => {
    expect(problems({ [name]: value })).toEqual([
      expect.stringMatching(new RegExp(`^${name} is "${value}": set it to .+\\.$`)),
    ]);
  });

  it('never repeats a secret', () => {
    expect(problems({ NODE_SECRET: 'short' })[0]).toMatch(/^NODE_SECRET is too short: (?!.*"short")/);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(problems({ REGION: '', RTMP_PORT: '' })).toEqual([]);
  });

  it('wants both certificate files for RTMPS', () => {
    expect(problems({ RTMPS_PORT: '443' }).join()).toMatch(/TLS_CERT_FILE is not set/);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { QUOTAS } from '../../src/domain/quotas.ts';
import { StreamState } from '../../src/protocol/api.ts';
import { CLIENT_KINDS, PING, PONG } from '../../src/protocol/chat/client-frames.ts';
import { CLOSINGS } from '../../src/protocol/chat/closing.ts';
import { ROOM_VERSION } from '../../src/protocol/chat/connect.ts';
import * as held from '../../src/protocol/chat/held.ts';
import * as limits from '../../src/protocol/chat/limits.ts';
import { SERVER_KINDS, ServerFrame } from '../../src/protocol/chat/server-frames.ts';
import { RoomSettings } from '../../src/protocol/chat/settings.ts';
import { SCOPES } from '../../src/protocol/claims.ts';
import { ERRORS } from '../../src/protocol/errors.ts';
import {
  HEARTBEAT_SECONDS,
  NODE_LOST_SECONDS,
  OriginFrame,
  PUBLISH_VERSION,
  PublishFrame,
} from '../../src/protocol/ingest.ts';
import {
  CONSENT_PATH,
  playbackPath,
  posterPath,
  studioPath,
  WHIP_PATH,
  watchPath,
  watchStatePath,
} from '../../src/protocol/paths.ts';
import { MAX_FRAME_BYTES } from '../../src/protocol/wire.ts';

const page = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');

/** The rows of the first table after `heading`, each as its cells. */
const tableAfter = (heading: string): string[][] => {
  const lines = page.slice(page.indexOf(heading)).split('\n');
  const start = lines.findIndex((line) => line.startsWith('|---'));
  const rows = lines.slice(start + 1);
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith('|')),
    )
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
};

const names = (rows: string[][]): string[] => rows.map(([name]) => name!.replaceAll('`', ''));

describe('docs/protocol.md', () => {
  it('lists every error code with its status and title, and no other', () => {
    const documented = tableAfter('| code | status | title |').map(([code, status, title]) => [
      code!.replaceAll('`', ''),
      Number(status),
      title,
    ]);
    expect(documented).toEqual(Object.entries(ERRORS).map(([code, [status, title]]) => [code, status, title]));
  });

  it('states every quota as it is', () => {
    const documented = tableAfter('| what | at most | whose |').map(([, max]) => Number(max));
    expect(documented).toEqual(Object.values(QUOTAS).map(({ max }) => max));
  });

  it('lists every frame of the publish socket, both ways', () => {
    expect(names(tableAfter('| node to origin |'))).toEqual(
      PublishFrame.options.map((frame) => frame.shape.type.value),
    );
    expect(names(tableAfter('| origin to node |'))).toEqual(OriginFrame.options.map((frame) => frame.shape.type.value));
  });

  it('gives the addresses that the code builds', () => {
    const id = '{id}' as Parameters<typeof watchPath>[0];
    const channel = '{channel}' as Parameters<typeof studioPath>[0];
    expect(names(tableAfter('## 1. Addresses'))).toEqual([
      watchPath(id),
      studioPath(channel),
      playbackPath(id),
      posterPath(id),
      watchStatePath(id),
      WHIP_PATH,
      CONSENT_PATH,
    ]);
  });

  it('lists every frame of a room, both ways, with the fields that are there in each', () => {
    expect(names(tableAfter('| client to room |'))).toEqual(CLIENT_KINDS);
    const rows = tableAfter('| room to client |');
    expect(names(rows)).toEqual(SERVER_KINDS);
    for (const [index, frame] of ServerFrame.options.entries()) {
      const fields = Object.keys(frame.shape).filter((name) => !['kind', 'seq', 'at'].includes(name));
      for (const field of fields) expect(rows[index]![1], frame.shape.kind.value).toContain(`\`${field}\``);
    }
  });

  it('lists why a room closes a socket, and what to do then', () => {
    const documented = tableAfter('| close code |').map(([code, reason, what]) => [
      reason!.replaceAll('`', ''),
      [Number(code), what],
    ]);
    expect(documented).toEqual(Object.entries(CLOSINGS));
  });

  it('states the limits and modes of a room', () => {
    expect(page).toContain(`Version ${ROOM_VERSION}.`);
    for (const words of [
      `A ticket is good once, for ${limits.TICKET_SECONDS} s`,
      `A frame has at most ${limits.CLIENT_FRAME_MAX_BYTES} bytes`,
      `a cut of up to ${limits.RESUME_SECONDS} s`,
      `the newest ${limits.BACKLOG_EVENTS} events`,
      `${limits.CLIENT_FRAMES_PER_SECOND} frames a second and ${3 * limits.CLIENT_FRAMES_PER_SECOND} at once`,
      `after ${limits.BAD_FRAMES_MAX} of them`,
      `waits ${held.HOLD_SECONDS} s for a moderator`,
      `${held.HELD_LINES_MAX} lines wait in one room and ${held.HELD_LINES_OF_ONE_MAX} of one person`,
      `after ${limits.VISIT_HOURS_MAX} h at the latest`,
      `\`${PING}\`, byte for byte, is answered \`${PONG}\``,
    ])
      expect(page).toContain(words);
    for (const mode of Object.keys(RoomSettings.shape)) expect(page).toContain(`\`${mode}\``);
  });

  it('states the numbers and words of the code', () => {
    expect(page).toContain(`every ${HEARTBEAT_SECONDS} s; 204. A node that is silent for ${NODE_LOST_SECONDS} s`);
    expect(page).toContain(`&v=${PUBLISH_VERSION}\``);
    expect(page).toContain(`At most ${MAX_FRAME_BYTES / 1024 / 1024} MiB`);
    expect(page).toContain(StreamState.options.map((state) => `\`${state}\``).join(', '));
    for (const scope of SCOPES) expect(page).toContain(`\`${scope}\``);
  });
});

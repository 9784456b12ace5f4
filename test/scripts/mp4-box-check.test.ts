// The box check accepts what ffmpeg writes as CMAF and notices a lost, repeated or cut piece.
import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { FFMPEG } from '../support/ffmpeg.ts';
import { boxesOf, checkMedia, fragmentsOf, type MediaPiece, tracksOf } from '../support/mp4-box-check.ts';

let init: Uint8Array;
let pieces: MediaPiece[];

beforeAll(() => {
  const graph = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=30', '-f', 'lavfi', '-i', 'sine=sample_rate=48000'];
  const code = ['-t', '2', '-c:v', 'libx264', '-g', '30', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
  const mux = [
    '-output_ts_offset',
    '10',
    '-f',
    'mp4',
    '-movflags',
    '+cmaf+frag_keyframe+frag_discont',
    '-frag_duration',
    '333300',
    'pipe:1',
  ];
  const file = new Uint8Array(execFileSync(FFMPEG, ['-v', 'error', ...graph, ...code, ...mux]));
  const boxes = boxesOf(file);
  const firstMoof = boxes.find(({ type }) => type === 'moof')!;
  init = file.slice(0, firstMoof.start);
  const video = tracksOf(init).find(({ handler }) => handler === 'vide')!;
  pieces = boxes.flatMap((box, at) => {
    const next = boxes[at + 1];
    if (box.type !== 'moof' || next?.type !== 'mdat') return [];
    const bytes = file.slice(box.start, next.start + next.size);
    const lead = fragmentsOf(bytes, [...tracksOf(init)])
      .flat()
      .find(({ trackId }) => trackId === video.trackId)!;
    return [{ name: `part ${at}`, bytes, independent: lead.startsWithSync, duration: lead.duration / video.timescale }];
  });
});

describe('the box check', () => {
  it('accepts parts in their order', () => {
    expect(pieces.length).toBeGreaterThanOrEqual(6);
    expect(checkMedia(init, pieces)).toEqual([]);
  });

  it('notices a part that is missing', () => {
    expect(
      checkMedia(
        init,
        pieces.filter((_, at) => at !== 2),
      ).join(),
    ).toContain('goes on at');
  });

  it('notices a part that comes twice', () => {
    expect(checkMedia(init, [pieces[0]!, pieces[0]!]).join()).toContain('goes on at');
  });

  it('notices a part that is called independent and is not', () => {
    const dependent = pieces.find(({ independent }) => !independent)!;
    expect(checkMedia(init, [{ ...dependent, independent: true }]).join()).toContain('key frame');
  });

  it('notices a wrong duration', () => {
    expect(checkMedia(init, [{ ...pieces[0]!, duration: 0.5 }]).join()).toContain('listed as');
  });

  it('refuses a part that was cut off', () => {
    expect(() => checkMedia(init, [{ ...pieces[0]!, bytes: pieces[0]!.bytes.slice(0, -10) }])).toThrow('claims');
  });

  it('refuses a part of another init segment', () => {
    expect(() => fragmentsOf(pieces[0]!.bytes, [])).toThrow('not in the init segment');
  });
});

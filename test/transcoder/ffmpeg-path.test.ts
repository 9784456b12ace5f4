import { expect, test } from 'vitest';
import { findFfmpeg } from '../../transcoder/ffmpeg-path.ts';

test('says in words what to do when there is no ffmpeg', async () => {
  const answer = await findFfmpeg({ env: { PATH: '/nowhere' }, bundledPath: null });
  expect(answer).toMatchObject({ ok: false, detail: expect.stringContaining('Install ffmpeg') });
});

test('takes FOOTLIGHT_FFMPEG at its word and blames it by name', async () => {
  const answer = await findFfmpeg({ env: { ...process.env, FOOTLIGHT_FFMPEG: '/nowhere/ffmpeg' } });
  expect(answer).toMatchObject({ ok: false, detail: expect.stringContaining('FOOTLIGHT_FFMPEG (/nowhere/ffmpeg)') });
});

test('names what a program that is no ffmpeg lacks', async () => {
  const answer = await findFfmpeg({ env: { ...process.env, FOOTLIGHT_FFMPEG: '/bin/echo' } });
  expect(answer).toMatchObject({ ok: false, detail: expect.stringContaining('libx264') });
});

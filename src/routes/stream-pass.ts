// Come in to a gated stream: an invitation, the password or a role gives a viewing pass for the next minutes.
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { isPassword } from '../auth/passwords.ts';
import { signPass, viewingKey } from '../auth/viewing-pass.ts';
import { policyOf } from '../domain/visibility.ts';
import { FootlightError } from '../protocol/errors.ts';
import { AskForPass, PASS_SECONDS, PlayableId, ViewingPass } from '../protocol/viewing.ts';
import { findPassword } from '../storage/gates.ts';
import { resolvePlayable, type StreamRecord } from '../storage/streams.ts';
import { type AppContext, networkOf } from './context.ts';
import { apiDoors } from './guards/api.ts';
import { json, refusals } from './openapi.ts';
import { mayEnter, turnedAway, unknownStream } from './viewers.ts';

const GUESS_WINDOW_SECONDS = 60;

export const streamPass = apiDoors().openapi(
  createRoute({
    method: 'post',
    path: '/{id}/pass',
    summary: 'Come in to a private stream or to one with a password: a viewing pass for its URLs',
    request: {
      params: z.object({ id: PlayableId }),
      body: { content: { 'application/json': { schema: AskForPass } } },
    },
    responses: { 200: json('The pass', ViewingPass), ...refusals('not_found', 'password_needed', 'rate_limited') },
  }),
  async (c) => {
    const { id } = c.req.valid('param');
    const stream = await resolvePlayable(c.env.DB, id);
    if (!stream) throw unknownStream(id);
    const { entry } = policyOf(stream.visibility);
    if (entry !== 'open' && !(await mayEnter(c, stream))) {
      if (entry === 'invitation') throw turnedAway(c, stream.id);
      // No body at all is no password.
      await requirePassword(c, stream, AskForPass.parse(c.req.valid('json') ?? {}).password);
    }
    const expiresAtMs = Date.now() + PASS_SECONDS * 1000;
    const { id: streamId, gateAtMs } = stream;
    const pass = await signPass(await viewingKey(c.env.VIEWING_KEY), { streamId, gateAtMs, expiresAtMs });
    const body = { pass, expiresAt: new Date(expiresAtMs).toISOString(), streamId };
    return c.json(body, 200, { 'Cache-Control': 'private, no-store' });
  },
);

/** Guesses are counted before they are judged, per network and stream. */
async function requirePassword(c: AppContext, { id }: StreamRecord, password: string | undefined): Promise<void> {
  if (password === undefined) {
    throw new FootlightError(
      'password_needed',
      'The stream is behind a password. Ask its broadcaster, and send it along.',
    );
  }
  const { success } = await c.env.GUESS_LIMIT.limit({ key: `${networkOf(c)} ${id}` });
  if (!success) {
    throw new FootlightError(
      'rate_limited',
      `Too many passwords were tried from your network. Wait ${GUESS_WINDOW_SECONDS} seconds and try again.`,
      { retryAfterSeconds: GUESS_WINDOW_SECONDS },
    );
  }
  const kept = await findPassword(c.env.DB, id);
  if (kept === null || !(await isPassword(password, kept))) {
    throw new FootlightError('password_needed', 'That is not the password of the stream. Check it and try again.');
  }
}

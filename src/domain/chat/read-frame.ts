// What a client said, or why it makes no sense.
import { CLIENT_KINDS, ClientFrame } from '../../protocol/chat/client-frames.ts';
import { CLIENT_FRAME_MAX_BYTES } from '../../protocol/chat/limits.ts';
import { ClientId } from '../../protocol/chat/message.ts';
import type { RoomRefusal } from './refusal.ts';

export type ReadFrame = { ok: true; frame: ClientFrame } | { ok: false; refusal: RoomRefusal; clientId: string | null };

const encoder = new TextEncoder();

export function readClientFrame(data: string | ArrayBuffer): ReadFrame {
  if (typeof data !== 'string')
    return refused('invalid_request', 'A frame of this socket is JSON as text, not binary.');
  if (data.length > CLIENT_FRAME_MAX_BYTES || encoder.encode(data).length > CLIENT_FRAME_MAX_BYTES)
    return refused('payload_too_large', `A frame has at most ${CLIENT_FRAME_MAX_BYTES} bytes. Say it in less.`);
  const said = readObject(data);
  if (!said) return refused('invalid_request', 'The frame is no JSON object with a kind.');
  const clientId = ClientId.safeParse(said.clientId).data ?? null;
  if (typeof said.kind !== 'string' || !CLIENT_KINDS.includes(said.kind))
    return refused(
      'unknown_frame',
      `The room takes ${CLIENT_KINDS.join(', ')}. Update the client, or mend it.`,
      clientId,
    );
  const parsed = ClientFrame.safeParse(said);
  if (parsed.success) return { ok: true, frame: parsed.data };
  const [issue] = parsed.error.issues;
  const what = `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'does not fit'}`;
  return refused('invalid_request', `The frame does not fit: ${what}.`, clientId);
}

const refused = (code: RoomRefusal['code'], detail: string, clientId: string | null = null): ReadFrame => ({
  ok: false,
  refusal: { code, detail },
  clientId,
});

function readObject(data: string): Record<string, unknown> | null {
  try {
    const said: unknown = JSON.parse(data);
    return typeof said === 'object' && said !== null && !Array.isArray(said) ? (said as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

// Why the room closes a socket, and whether to come back.

/** reason -> [close code, what to do, in words]. */
export const CLOSINGS = {
  room_closed: [4000, 'The stream has ended and its room with it. Do not come back.'],
  replaced: [4001, 'The same visit is connected from elsewhere, by its resume token. Do not come back.'],
  signed_out: [4002, 'Whoever you were has signed out, run out or left. Come back with a new ticket.'],
  roles_changed: [4003, 'What you may do here has changed. Come back with a new ticket.'],
  gate_changed: [4004, 'Who may come in has changed. Knock again.'],
  moved: [
    4005,
    'The room has grown or shrunk, and you sit elsewhere in it. Come back by your resume token: you miss nothing.',
  ],
  misbehaved: [4008, 'Too many frames that make no sense, or too many at once. Mend the client.'],
  wrong_version: [4010, 'The room speaks another version. Load the page again.'],
} as const;
export type Closing = keyof typeof CLOSINGS;

/** Come back at a random moment of it, so that not everybody comes at once. */
export interface RetryWindow {
  fromMs: number;
  toMs: number;
}

/** These have nothing to come back to, or nothing to do it with. */
export const FINAL_CLOSINGS: readonly Closing[] = ['room_closed', 'replaced', 'misbehaved', 'wrong_version'];

/** The reason of a close frame: `roles_changed`, or with the window in ms `roles_changed 250-1250`. */
export const closeReason = (closing: Closing, retry: RetryWindow | null): string =>
  retry ? `${closing} ${retry.fromMs}-${retry.toMs}` : closing;

/** Opposite of `closeReason`; null for what the room does not say. */
export function readCloseReason(reason: string): { closing: Closing; retry: RetryWindow | null } | null {
  const [, closing = '', from, to] = /^([a-z_]+)(?: (\d{1,9})-(\d{1,9}))?$/.exec(reason) ?? [];
  if (!(closing in CLOSINGS)) return null;
  const retry = from !== undefined && to !== undefined ? { fromMs: Number(from), toMs: Number(to) } : null;
  return { closing: closing as Closing, retry };
}

// The socket of a room and its errands around the client, which decides everything: opened with `openRoom`, ended with `close`.
import { signal } from '@preact/signals';
import type { Message } from '../../protocol/chat/message.ts';
import type { ReactionCounts } from '../../protocol/chat/reactions.ts';
import type { ServerFrame } from '../../protocol/chat/server-frames.ts';
import { PONG } from '../../protocol/chat/socket.ts';
import { ApiError } from '../api-client.ts';
import { roomApi } from '../room-api.ts';
import { refreshSession, session } from '../session.ts';
import type { ClientInput, ClientOutput, Saying } from './client-words.ts';
import { RoomClient } from './room-client.ts';

export interface RoomDoor extends ReturnType<typeof openRoom> {}

interface RoomPlace {
  streamId: string;
  pass(): string | null;
  /** Comes as nobody, whoever is signed in here. */
  isAnonymous?: boolean;
  /** Hears each frame after the client has. */
  onFrame?(frame: ServerFrame): void;
}

export function openRoom({ streamId, pass, isAnonymous = false, onFrame }: RoomPlace) {
  const client = new RoomClient();
  const api = roomApi(streamId, pass);
  const state = signal(client.state);
  const listening = new AbortController();
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let drawing: number | null = null;
  /** Tickets that were asked for: only the newest answer counts. */
  let asked = 0;

  const receive = (input: ClientInput) => {
    if (listening.signal.aborted) return;
    for (const output of client.receive(input, Date.now(), Math.random())) carryOut(output);
    clearTimeout(timer);
    const { alarmAtMs } = client;
    if (alarmAtMs !== null) timer = setTimeout(receive, Math.max(0, alarmAtMs - Date.now()), { kind: 'alarm' });
    // However many frames come, the page is drawn once per picture of the screen.
    drawing ??= requestAnimationFrame(() => {
      drawing = null;
      state.value = client.state;
    });
  };

  const carryOut = (output: ClientOutput) => {
    switch (output.kind) {
      case 'askTicket':
        return void askTicket();
      case 'askSession':
        return void refreshSession().then(start);
      case 'openSocket':
        return connect(output.query);
      case 'closeSocket':
        return disconnect();
      case 'sendText':
        return socket?.readyState === WebSocket.OPEN ? socket.send(output.text) : undefined;
      case 'post':
        return void post(output.saying);
    }
  };

  const askTicket = async () => {
    asked += 1;
    const turn = asked;
    const input = await api.ticket().then(
      ({ ticket }): ClientInput => ({ kind: 'ticket', ticket }),
      (error: unknown): ClientInput => ({ kind: 'noTicket', ...whyNot(error) }),
    );
    if (turn === asked) receive(input);
  };

  const connect = (query: Record<string, string>) => {
    disconnect();
    const opened = new WebSocket(api.socketUrl(query, location.origin));
    socket = opened;
    opened.onmessage = ({ data }) => {
      if (socket !== opened) return;
      const frame = data === PONG ? null : readFrame(data);
      receive(frame ? { kind: 'frame', frame } : { kind: 'heard' });
      if (frame) onFrame?.(frame);
    };
    opened.onclose = ({ reason }) => {
      if (socket !== opened) return;
      socket = null;
      receive({ kind: 'closed', reason });
    };
  };

  const disconnect = () => {
    const closing = socket;
    socket = null;
    closing?.close();
  };

  /** The answer of REST is that of the socket. */
  const post = async ({ clientId, text, replyTo, mediaTimeMs }: Saying) => {
    const message = { clientId, text, replyTo: replyTo?.id, mediaTimeMs: mediaTimeMs ?? undefined };
    const frame = await api.say(message).then(
      ({ id, seq }): ServerFrame => ({ kind: 'accepted', clientId, id, seq: seq ?? 0 }),
      (error: unknown): ServerFrame => {
        const problem = error instanceof ApiError ? error.problem : null;
        const detail = problem?.detail ?? 'It could not be sent. Check your connection and try again.';
        const { code = 'overloaded', retryAfterSeconds, appealAt } = problem ?? {};
        return { kind: 'refused', clientId, code, detail, retryAfterSeconds, appealAt };
      },
    );
    receive({ kind: 'frame', frame });
  };

  const start = () => receive({ kind: 'start', isSignedIn: !isAnonymous && session.peek()?.user != null });
  const line = (isOnline: boolean) => () => receive({ kind: 'network', isOnline });
  addEventListener('online', line(true), { signal: listening.signal });
  addEventListener('offline', line(false), { signal: listening.signal });
  start();

  return {
    state,
    api,
    pass,
    /** Who sits here has changed. */
    start,
    say(text: string, replyTo: Message | null, mediaTimeMs: number | null) {
      receive({ kind: 'say', saying: { clientId: crypto.randomUUID(), text, replyTo, mediaTimeMs } });
    },
    react: (counts: ReactionCounts, mediaTimeMs: number | null) => receive({ kind: 'react', counts, mediaTimeMs }),
    remove: (messageId: Message['id']) => receive({ kind: 'remove', messageId }),
    forgetMessage: (messageId: Message['id']) => receive({ kind: 'gone', messageId }),
    forgetRefusal: () => receive({ kind: 'forgetRefusal' }),
    close() {
      listening.abort();
      clearTimeout(timer);
      if (drawing !== null) cancelAnimationFrame(drawing);
      disconnect();
    },
  };
}

function readFrame(data: unknown): ServerFrame | null {
  try {
    return JSON.parse(String(data)) as ServerFrame;
  } catch {
    return null;
  }
}

const whyNot = (error: unknown): { status: number; retryAfterSeconds: number | null } =>
  error instanceof ApiError
    ? { status: error.status, retryAfterSeconds: error.problem?.retryAfterSeconds ?? null }
    : { status: 0, retryAfterSeconds: null };

// A room of its own for a test, people to let in, and a client on its socket.
import { env } from 'cloudflare:workers';
import type { Role } from '../../src/domain/access.ts';
import type { Caller, RoomPlace } from '../../src/domain/chat/guest.ts';
import { shardName } from '../../src/domain/chat/shard-plan.ts';
import type { RoomEvent } from '../../src/protocol/chat/events.ts';
import { ServerFrame } from '../../src/protocol/chat.ts';
import { type StreamId, UserId } from '../../src/protocol/ids.ts';
import { keepUser } from '../../src/storage/users.ts';

let count = 0;

/** A fresh stream in the database, and its room. */
export async function openRoom(streamState: RoomPlace['streamState'] = 'live') {
  count += 1;
  const streamId = `st_room${String(count).padStart(4, '0')}` as StreamId;
  const owner = await person('owner');
  await env.DB.batch([
    env.DB.prepare('INSERT INTO channels (id, owner_id, name, created_at_ms) VALUES (?, ?, ?, 1)').bind(
      `ch_room${count}abc`,
      owner.id,
      'A channel',
    ),
    env.DB.prepare(
      `INSERT INTO streams (id, channel_id, title, genre, visibility, gate_at_ms, latency, reconnect_window_seconds, state, state_at_ms, created_at_ms)
       VALUES (?, ?, 'A stream', 'other', 'public', 1, 'low', 60, 'live', 1, 1)`,
    ).bind(streamId, `ch_room${count}abc`),
  ]);
  const place: RoomPlace = { streamId, streamState };
  return { streamId, place, owner, room: env.LIVE_ROOM.get(env.LIVE_ROOM.idFromName(streamId)) };
}

export type Opened = Awaited<ReturnType<typeof openRoom>>;

let people = 0;

/** Somebody with an account, as a door would let them in. */
export async function person(role: Role = 'viewer', over: Partial<Caller> = {}): Promise<Caller> {
  people += 1;
  const handle = `guest${people}`;
  const id = UserId.parse(`us_guest${people}`);
  await keepUser(env.DB, { id, handle, name: `Guest ${people}`, platformRole: 'viewer' }, 1);
  return {
    id,
    handle,
    name: `Guest ${people}`,
    roles: role === 'viewer' ? ['viewer'] : ['viewer', role],
    followedAtMs: null,
    createdAtMs: 1,
    canSend: true,
    canModerate: true,
    holder: `bs_${handle}`,
    appId: null,
    network: null,
    expiresAtMs: Date.now() + 3_600_000,
    requestId: null,
    ...over,
  };
}

interface Coming {
  ticket?: string;
  resume?: string;
  after?: number;
  v?: string;
}

/** As the door of the socket does: the room says where to sit. */
export async function knock({ room, place }: Opened, { v = '1', ...query }: Coming = {}): Promise<Response> {
  const ask = encodeURIComponent(JSON.stringify({ place, query: { v, ...query } }));
  const upgrade = { headers: { Upgrade: 'websocket' } };
  const answer = await room.fetch(`https://room/?ask=${ask}`, upgrade);
  if (answer.webSocket) return answer;
  const said = await answer.clone().json<{ ok: boolean; shard: number }>();
  if (!said.ok) return answer;
  const id = env.ROOM_SHARD.idFromName(shardName(place.streamId, said.shard));
  return env.ROOM_SHARD.get(id).fetch(`https://room/?ask=${ask}&shard=${said.shard}`, upgrade);
}

/** Comes in, as somebody by a fresh ticket, or as the query says. */
export async function comeIn(opened: Opened, who: Caller | Coming | null = null): Promise<RoomClient> {
  const query = who && 'roles' in who ? { ticket: await ticketFor(opened, who) } : (who ?? {});
  const { webSocket, status } = await knock(opened, query);
  if (!webSocket) throw new Error(`no socket: ${status}`);
  return new RoomClient(webSocket);
}

export async function ticketFor({ room, place }: Opened, who: Caller | null): Promise<string> {
  const issued = await room.issueTicket(place, who);
  if (!issued.ok) throw new Error(issued.detail);
  return issued.ticket;
}

/** What everybody is told is read once: a long session of many would do little else. The oldest is forgotten first. */
const readLately = new Map<string, ServerFrame>();
const READ_LATELY_MAX = 200;

/** null: a pong, which is no frame. */
function read(text: string): ServerFrame | null {
  const known = readLately.get(text);
  if (known) return known;
  const frame: { kind: string } = JSON.parse(text);
  if (frame.kind === 'pong') return null;
  const parsed = ServerFrame.parse(frame);
  readLately.set(text, parsed);
  const [oldest] = readLately.keys();
  if (readLately.size > READ_LATELY_MAX && oldest !== undefined) readLately.delete(oldest);
  return parsed;
}

export class RoomClient {
  readonly heard: ServerFrame[] = [];
  readonly raw: string[] = [];
  closed: { code: number; reason: string } | null = null;
  private readonly socket: WebSocket;
  private wake: () => void = () => undefined;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => {
      this.raw.push(String(data));
      const frame = read(String(data));
      if (frame) this.heard.push(frame);
      this.wake();
    });
    socket.addEventListener('close', ({ code, reason }) => {
      this.closed = { code, reason };
      this.wake();
    });
    socket.accept();
  }

  send(frame: object): void {
    this.socket.send(JSON.stringify(frame));
  }

  sendRaw(data: string | Uint8Array): void {
    this.socket.send(data);
  }

  close(): void {
    this.socket.close(1000, 'done');
  }

  /** Every event in the order of its coming, the backlog included. */
  get events(): RoomEvent[] {
    return this.heard.flatMap((frame) => {
      if (frame.kind === 'hello') return frame.backlog;
      if (frame.kind === 'batch' || frame.kind === 'resumed') return frame.events;
      return 'seq' in frame && frame.kind !== 'accepted' ? [frame as RoomEvent] : [];
    });
  }

  get texts(): string[] {
    return this.events.flatMap((event) => (event.kind === 'message' ? [event.text] : []));
  }

  /** The first frame of a kind that fits, past or to come. */
  async hears<Kind extends ServerFrame['kind']>(
    kind: Kind,
    fits: (frame: Extract<ServerFrame, { kind: Kind }>) => boolean = () => true,
  ): Promise<Extract<ServerFrame, { kind: Kind }>> {
    let found: Extract<ServerFrame, { kind: Kind }> | undefined;
    await this.until(() => {
      found = this.heard.find(
        (frame): frame is Extract<ServerFrame, { kind: Kind }> =>
          frame.kind === kind && fits(frame as Extract<ServerFrame, { kind: Kind }>),
      );
      return found !== undefined;
    }, kind);
    return found!;
  }

  /** Waits for it, for some seconds. */
  async until(isSo: () => boolean, what: string, limitMs = 5000): Promise<void> {
    const untilMs = Date.now() + limitMs;
    while (!isSo()) {
      if (Date.now() > untilMs)
        throw new Error(
          `never: ${what}; heard ${JSON.stringify(this.heard.slice(-5))}, closed ${JSON.stringify(this.closed)}`,
        );
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        setTimeout(resolve, 20);
      });
    }
  }
}

// A room of the running product: the Worker is killed under it, and who comes back has missed nothing.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Ask, readJson, signIn } from '../../scripts/local/api.ts';
import { type Accepted, type Hello, type RoomEvent, type RoomTicket, ServerFrame } from '../../src/protocol/chat.ts';
import { type Halves, startHalves } from '../support/halves.ts';
import { openStream, type TestStream, until } from '../support/streams.ts';

let halves: Halves;
let stream: TestStream;
let ben: Ask;

beforeAll(async () => {
  halves = await startHalves();
  stream = await openStream(halves.details, { title: 'A room that stays' });
  ben = await signIn(halves.details.base, 'ben');
});
afterAll(() => halves?.stop());

class Client {
  readonly heard: ServerFrame[] = [];
  isClosed = false;
  private readonly socket: WebSocket;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('message', (data) => this.heard.push(ServerFrame.parse(JSON.parse(String(data)))));
    this.socket.on('close', () => {
      this.isClosed = true;
    });
    this.socket.on('error', () => {
      this.isClosed = true;
    });
  }

  send(frame: object): void {
    this.socket.send(JSON.stringify(frame));
  }

  close(): void {
    this.socket.close();
  }

  get events(): RoomEvent[] {
    return this.heard.flatMap((frame) => {
      if (frame.kind === 'hello') return frame.backlog;
      return frame.kind === 'message' ? [frame] : [];
    });
  }

  get texts(): string[] {
    return this.events.flatMap((event) => (event.kind === 'message' ? [event.text] : []));
  }

  async hello(): Promise<Hello> {
    await until('a hello', 10_000, () => this.heard.length > 0);
    const [first] = this.heard;
    if (first?.kind !== 'hello') throw new Error(`The first word was ${first?.kind}.`);
    return first;
  }
}

const say = async (text: string): Promise<void> => {
  const response = await stream.ask('POST', `/api/v1/streams/${stream.id}/chat`, {
    text,
    clientId: text.replace(' ', '-'),
  });
  expect(response.status, await response.clone().text()).toBe(202);
};

it('who was cut off by the end of the Worker comes back by the resume token and hears what was missed, once and in order', async () => {
  const { socketUrl } = await readJson<RoomTicket>(await ben('POST', `/api/v1/streams/${stream.id}/room/tickets`));
  const client = new Client(socketUrl);
  const { resumeToken } = await client.hello();
  await say('line 1');
  await say('line 2');
  client.send({ kind: 'send', clientId: 'mine', text: 'Hello from the browser' });
  await until('three messages', 5000, () => client.texts.length === 3);
  const accepted = client.heard.find((frame): frame is Accepted => frame.kind === 'accepted');
  expect(accepted).toMatchObject({ clientId: 'mine', seq: 3 });

  await halves.worker.kill();
  await until('the cut', 10_000, () => client.isClosed);
  await halves.worker.start();
  await say('line 3');
  await say('line 4');

  const lastSeq = client.events.at(-1)?.seq ?? 0;
  const base = `${halves.details.base.replace(/^http/, 'ws')}/api/v1/streams/${stream.id}/room?v=1`;
  const back = new Client(`${base}&resume=${resumeToken}&after=${lastSeq}`);
  const hello = await back.hello();
  expect(hello).toMatchObject({ isComplete: true, you: { handle: 'ben', maySend: true } });
  expect(back.texts).toEqual(['line 3', 'line 4']);
  // The answer to a send that was lost on the way: said once.
  back.send({ kind: 'send', clientId: 'mine', text: 'Hello from the browser' });
  await until('the same answer', 5000, () =>
    back.heard.some((frame) => frame.kind === 'accepted' && frame.id === accepted!.id),
  );
  await say('line 5');
  await until('the next line', 5000, () => back.texts.includes('line 5'));
  expect(back.texts).toEqual(['line 3', 'line 4', 'line 5']);
  back.close();
}, 120_000);

it('a browser that signs out is out of the room within five seconds', async () => {
  const { socketUrl } = await readJson<RoomTicket>(await ben('POST', `/api/v1/streams/${stream.id}/room/tickets`));
  const client = new Client(socketUrl);
  await client.hello();
  expect((await ben('DELETE', '/api/v1/session')).status).toBe(204);
  await until('the last word', 5000, () => client.heard.at(-1)?.kind === 'bye');
  expect(client.heard.at(-1)).toMatchObject({ kind: 'bye', reason: 'signed_out' });
});

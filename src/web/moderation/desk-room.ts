// The room of a stream on a moderator's page: its socket, its queue and its log; opened with `openDeskRoom`, ended with `close`.
import { signal } from '@preact/signals';
import type { ModeratorAct } from '../../protocol/chat/desk.ts';
import type { HeldDecision } from '../../protocol/chat/held.ts';
import type { ServerFrame } from '../../protocol/chat/server-frames.ts';
import { openRoom } from '../chat/room-door.ts';
import { moderationApi } from '../moderation-api.ts';
import { EMPTY_DESK, takeDecision, takeDeskFrame, takeQueue } from './desk.ts';

export interface DeskRoom extends ReturnType<typeof openDeskRoom> {}

/** After a question about the queue that was not answered. */
const ASK_AGAIN_MS = 3000;
/** Who moderates is let in by who they are. */
const noPass = () => null;

export interface DeskHearing {
  /** Somebody else has decided about a line that waits here. */
  decided(decision: HeldDecision): void;
  /** Somebody who moderates has done something, oneself too. */
  acted(act: ModeratorAct): void;
}

export function openDeskRoom(streamId: string, hearing: DeskHearing) {
  const state = signal(EMPTY_DESK);
  const queueProblem = signal<string | null>(null);
  let desk = EMPTY_DESK;
  let offsetMs = 0;
  let drawing: number | null = null;
  let isClosed = false;
  let askAgain: ReturnType<typeof setTimeout> | undefined;
  /** Only the newest answer counts. */
  let asked = 0;

  const become = (next: typeof desk) => {
    desk = next;
    // However many frames come, the page is drawn once per picture of the screen.
    drawing ??= requestAnimationFrame(() => {
      drawing = null;
      state.value = desk;
    });
  };

  const askQueue = async () => {
    clearTimeout(askAgain);
    asked += 1;
    const turn = asked;
    const answered = await moderationApi.held(streamId).catch((error: Error) => error);
    if (isClosed || turn !== asked) return;
    queueProblem.value = answered instanceof Error ? answered.message : null;
    if (answered instanceof Error) askAgain = setTimeout(askQueue, ASK_AGAIN_MS);
    else become(takeQueue(desk, answered.lines));
  };

  const onFrame = (frame: ServerFrame) => {
    if (frame.kind === 'hello') {
      offsetMs = frame.serverTimeMs - Date.now();
      // What was held and decided during a cut is not told again.
      if (frame.you?.mayModerate) void askQueue();
    }
    if (frame.kind === 'decided' && desk.held?.some(({ id }) => id === frame.id)) hearing.decided(frame);
    if (frame.kind === 'acted') hearing.acted(frame);
    become(takeDeskFrame(desk, frame, Date.now() + offsetMs));
  };

  const door = openRoom({ streamId, pass: noPass, onFrame });
  return {
    streamId,
    state,
    queueProblem,
    door,
    askQueue,
    /** What one has decided oneself is gone before the room says so. */
    decided: (decision: HeldDecision) => become(takeDecision(desk, decision)),
    /** Unix ms at the edge. */
    nowMs: () => Date.now() + offsetMs,
    close() {
      isClosed = true;
      clearTimeout(askAgain);
      if (drawing !== null) cancelAnimationFrame(drawing);
      door.close();
    },
  };
}

// Publishes camera or screen by WHIP (RFC 9725): one offer, one answer, DELETE at the end; comes back by itself when the line breaks.
import { preferH264 } from './codec-preference.ts';
import { reconnectDelayMs, shouldReconnect } from './reconnect-plan.ts';

/** Host candidates are there at once; waiting longer only delays the start. */
const GATHERING_LIMIT_MS = 300;
const REQUEST_LIMIT_MS = 10_000;
/** Wi-Fi roams and tunnels come back within this time without a new session. */
const DISCONNECTED_LIMIT_MS = 4_000;

export type WhipState =
  | { kind: 'connecting' }
  | { kind: 'live' }
  | { kind: 'reconnecting'; attempt: number; reason: string }
  | { kind: 'failed'; reason: string }
  | { kind: 'stopped' };

export interface WhipOptions {
  url: string;
  streamKey: string;
  video: MediaStreamTrack;
  audio: MediaStreamTrack;
  maxVideoBitrate: number;
  onState(state: WhipState): void;
}

export interface WhipPublisher {
  /** Camera to screen and back: the session does not notice. */
  replaceVideo(track: MediaStreamTrack): Promise<void>;
  setMaxVideoBitrate(bitsPerSecond: number): Promise<void>;
  /** The connection in use; null between two. */
  peer(): RTCPeerConnection | null;
  stop(): Promise<void>;
}

export function publishWhip(options: WhipOptions): WhipPublisher {
  let { video, maxVideoBitrate } = options;
  let peer: RTCPeerConnection | null = null;
  let sessionUrl: string | null = null;
  let attempt = 0;
  let isStopped = false;
  let retryTimer: ReturnType<typeof setTimeout> | null = null;
  let disconnectedTimer: ReturnType<typeof setTimeout> | null = null;

  const connect = async () => {
    retryTimer = null;
    const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    peer = connection;
    connection.onconnectionstatechange = () => onConnection(connection);
    const sender = connection.addTransceiver(video, {
      direction: 'sendonly',
      sendEncodings: [{ maxBitrate: maxVideoBitrate }],
    });
    preferH264(sender);
    connection.addTransceiver(options.audio, { direction: 'sendonly' });
    try {
      await connection.setLocalDescription();
      await gathered(connection);
      const answer = await post(connection.localDescription?.sdp ?? '');
      if (isStopped || peer !== connection) return;
      await connection.setRemoteDescription({ type: 'answer', sdp: answer });
    } catch (error) {
      if (!isStopped && peer === connection) lost(error);
    }
  };

  const post = async (offer: string): Promise<string> => {
    const response = await fetch(options.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${options.streamKey}`, 'content-type': 'application/sdp' },
      body: offer,
      signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
    });
    if (response.status !== 201) throw await refusal(response);
    const location = response.headers.get('location');
    sessionUrl = location && new URL(location, options.url).href;
    if (isStopped) endSession();
    return response.text();
  };

  const onConnection = (connection: RTCPeerConnection) => {
    if (connection !== peer || isStopped) return;
    if (disconnectedTimer !== null) clearTimeout(disconnectedTimer);
    disconnectedTimer = null;
    if (connection.connectionState === 'connected') {
      attempt = 0;
      options.onState({ kind: 'live' });
    } else if (connection.connectionState === 'failed') {
      lost(new Error('The connection to the server broke.'));
    } else if (connection.connectionState === 'disconnected') {
      disconnectedTimer = setTimeout(
        () => lost(new Error('The connection to the server is gone.')),
        DISCONNECTED_LIMIT_MS,
      );
    }
  };

  const lost = (error: unknown) => {
    const reason = error instanceof Error ? error.message : 'The connection broke.';
    const refused = error instanceof WhipRefusal ? error : null;
    drop();
    if (!shouldReconnect({ attempt, status: refused?.status ?? null })) {
      options.onState({ kind: 'failed', reason });
      isStopped = true;
      return;
    }
    const delayMs = reconnectDelayMs({
      attempt,
      random: Math.random(),
      retryAfterSeconds: refused?.retryAfterSeconds ?? null,
    });
    attempt += 1;
    options.onState({ kind: 'reconnecting', attempt, reason });
    retryTimer = setTimeout(connect, delayMs);
  };

  /** Also asks the server to free the session; a page that goes away is not waited for. */
  const endSession = () => {
    if (sessionUrl === null) return Promise.resolve();
    const url = sessionUrl;
    sessionUrl = null;
    const headers = { authorization: `Bearer ${options.streamKey}` };
    return fetch(url, { method: 'DELETE', headers, keepalive: true }).then(
      () => undefined,
      () => undefined,
    );
  };

  const drop = () => {
    if (disconnectedTimer !== null) clearTimeout(disconnectedTimer);
    disconnectedTimer = null;
    if (peer) peer.onconnectionstatechange = null;
    peer?.close();
    peer = null;
    return endSession();
  };

  const stop = async () => {
    isStopped = true;
    if (retryTimer !== null) clearTimeout(retryTimer);
    removeEventListener('pagehide', onPageHide);
    await drop();
    options.onState({ kind: 'stopped' });
  };
  const onPageHide = () => void stop();
  addEventListener('pagehide', onPageHide);
  options.onState({ kind: 'connecting' });
  void connect();

  const videoSender = () => peer?.getTransceivers().find(({ receiver }) => receiver.track.kind === 'video')?.sender;
  return {
    async replaceVideo(track) {
      video = track;
      await videoSender()?.replaceTrack(track);
    },
    async setMaxVideoBitrate(bitsPerSecond) {
      maxVideoBitrate = bitsPerSecond;
      const sender = videoSender();
      const parameters = sender?.getParameters();
      if (!sender || !parameters?.encodings[0]) return;
      parameters.encodings[0].maxBitrate = bitsPerSecond;
      await sender.setParameters(parameters);
    },
    peer: () => peer,
    stop,
  };
}

class WhipRefusal extends Error {
  readonly status: number;
  readonly retryAfterSeconds: number | null;

  constructor(status: number, detail: string, retryAfterSeconds: number | null) {
    super(detail);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

async function refusal(response: Response): Promise<WhipRefusal> {
  const problem = (await response.json().catch(() => null)) as { detail?: string } | null;
  const retryAfter = Number(response.headers.get('retry-after'));
  return new WhipRefusal(
    response.status,
    problem?.detail ?? `The server refused the broadcast (${response.status}). Try again in a moment.`,
    retryAfter > 0 ? retryAfter : null,
  );
}

/** Resolves when all candidates are in the local description, or after GATHERING_LIMIT_MS with what is there. */
function gathered(peer: RTCPeerConnection): Promise<void> {
  if (peer.iceGatheringState === 'complete') return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, GATHERING_LIMIT_MS);
    peer.addEventListener('icegatheringstatechange', () => {
      if (peer.iceGatheringState !== 'complete') return;
      clearTimeout(timer);
      resolve();
    });
  });
}

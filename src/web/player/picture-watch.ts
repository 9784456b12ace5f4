// Whether there is a picture and whether it moves: what the page may claim about the stream.

/** A gap between parts is no standstill; the overlay waits this long. */
const STILL_AFTER_MS = 1_500;
const TICK_MS = 200;

export interface PictureWatch {
  /** Another stream begins: of pictures, only what the element shows by now is its own. */
  reset(): void;
  stillForMs(): number;
  stop(): void;
}

export function watchPicture(
  video: HTMLVideoElement,
  report: (facts: { hasPicture: boolean; isMoving: boolean }) => void,
): PictureWatch {
  let hasPicture = false;
  let isMoving = false;
  let lastTime = -1;
  let movedAtMs = performance.now();
  let isFirstCheck = true;

  const check = () => {
    const nowMs = performance.now();
    const isMovingNow = video.currentTime !== lastTime && video.readyState >= 2 && !video.seeking;
    if (isMovingNow && lastTime >= 0 && !isFirstCheck) {
      movedAtMs = nowMs;
      hasPicture = true;
    }
    isFirstCheck = false;
    lastTime = video.currentTime;
    const isHeld = video.paused && !video.ended && video.readyState >= 2;
    if (isHeld) movedAtMs = nowMs;
    const moves = nowMs - movedAtMs < STILL_AFTER_MS && !video.ended;
    isMoving = moves;
    report({ hasPicture, isMoving });
  };
  const timer = setInterval(check, TICK_MS);
  const shown = () => {
    hasPicture = true;
    movedAtMs = performance.now();
    report({ hasPicture, isMoving: true });
  };
  video.addEventListener('playing', shown);

  return {
    reset() {
      hasPicture = video.readyState >= 2;
      lastTime = -1;
      isFirstCheck = true;
      report({ hasPicture, isMoving });
    },
    stillForMs: () => performance.now() - movedAtMs,
    stop() {
      clearInterval(timer);
      video.removeEventListener('playing', shown);
    },
  };
}

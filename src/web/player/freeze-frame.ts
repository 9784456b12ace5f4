// Keeps the last picture on the screen while the player is rebuilt beneath it.

/** Draws what the video shows now onto `canvas` and shows it; false when there is no picture to keep. */
export function freezeFrame(video: HTMLVideoElement, canvas: HTMLCanvasElement): boolean {
  if (video.videoWidth === 0 || video.readyState < 2) return !canvas.hidden;
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  canvas.hidden = false;
  return true;
}

/** Opposite of `freezeFrame`: the video has a picture again. */
export function thaw(canvas: HTMLCanvasElement): void {
  canvas.hidden = true;
}

// Starts a video as loudly as the browser allows: with sound, else muted, else it waits for a tap.

export type AutoplayOutcome = 'sound' | 'muted' | 'tap';

export async function autoplay(video: HTMLVideoElement, wantsSound: boolean): Promise<AutoplayOutcome> {
  video.muted = !wantsSound;
  if (await mayPlay(video)) return wantsSound ? 'sound' : 'muted';
  if (!wantsSound) return 'tap';
  video.muted = true;
  return (await mayPlay(video)) ? 'muted' : 'tap';
}

/** A source that is exchanged meanwhile aborts the promise; only a refusal by policy counts. */
async function mayPlay(video: HTMLVideoElement): Promise<boolean> {
  try {
    await video.play();
    return true;
  } catch (error) {
    return !(error instanceof DOMException && error.name === 'NotAllowedError');
  }
}

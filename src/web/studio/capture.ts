// Where a picture comes from: a camera or the screen; errors in words.

export type VideoSource = 'camera' | 'screen';

export interface PictureQuality {
  name: string;
  width: number;
  height: number;
  maxBitrate: number;
}

export const PICTURE_QUALITIES: Record<'1080' | '720' | '360', PictureQuality> = {
  '1080': { name: '1080p, 4.5 Mbit/s', width: 1920, height: 1080, maxBitrate: 4_500_000 },
  '720': { name: '720p, 2.8 Mbit/s', width: 1280, height: 720, maxBitrate: 2_800_000 },
  '360': { name: '360p, 0.9 Mbit/s', width: 640, height: 360, maxBitrate: 900_000 },
};
export type PictureQualityName = keyof typeof PICTURE_QUALITIES;

const FRAMES_PER_SECOND = 30;

/** Asks for the camera, and for permission if need be. */
export async function captureCamera(quality: PictureQuality, deviceId: string | null): Promise<MediaStreamTrack> {
  const media = await navigator.mediaDevices.getUserMedia({
    video: {
      deviceId: deviceId ? { exact: deviceId } : undefined,
      width: { ideal: quality.width },
      height: { ideal: quality.height },
      frameRate: { ideal: FRAMES_PER_SECOND, max: FRAMES_PER_SECOND },
    },
  });
  return onlyTrack(media.getVideoTracks());
}

/** Asks what to share; its sound comes along where the browser offers it. */
export async function captureScreen(
  quality: PictureQuality,
): Promise<{ video: MediaStreamTrack; audio: MediaStreamTrack | null }> {
  const media = await navigator.mediaDevices.getDisplayMedia({
    video: {
      width: { max: quality.width },
      height: { max: quality.height },
      frameRate: { ideal: FRAMES_PER_SECOND, max: FRAMES_PER_SECOND },
    },
    audio: true,
  });
  const video = onlyTrack(media.getVideoTracks());
  // Words on a screen must stay readable: sharpness before smoothness.
  video.contentHint = 'detail';
  return { video, audio: media.getAudioTracks()[0] ?? null };
}

export async function captureMicrophone(deviceId: string | null): Promise<MediaStreamTrack> {
  const media = await navigator.mediaDevices.getUserMedia({
    audio: {
      deviceId: deviceId ? { exact: deviceId } : undefined,
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
    },
  });
  return onlyTrack(media.getAudioTracks());
}

export async function listDevices(kind: 'videoinput' | 'audioinput'): Promise<{ id: string; label: string }[]> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  const fallback = kind === 'videoinput' ? 'Camera' : 'Microphone';
  return devices
    .filter((device) => device.kind === kind && device.deviceId !== '')
    .map(({ deviceId, label }, index) => ({ id: deviceId, label: label || `${fallback} ${index + 1}` }));
}

/** What went wrong, and what to do about it. */
export function captureProblem(error: unknown, source: VideoSource | 'microphone'): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError') {
    return source === 'screen'
      ? 'Sharing was cancelled. Choose a screen or window to share it.'
      : `The browser may not use your ${source}. Allow it in the address bar, then try again.`;
  }
  if (name === 'NotFoundError') return `No ${source} was found. Plug one in, or choose another source.`;
  if (name === 'NotReadableError')
    return `Your ${source} is in use by another program. Close that program and try again.`;
  if (name === 'OverconstrainedError') return `Your ${source} does not offer this. Choose another device or quality.`;
  return `Your ${source} could not be started. Try again, or choose another source.`;
}

function onlyTrack(tracks: MediaStreamTrack[]): MediaStreamTrack {
  const track = tracks[0];
  if (!track) throw new DOMException('There is no such track', 'NotFoundError');
  return track;
}

// A browser that publishes by WHIP a picture whose every frame carries its capture time.
import type { Browser, Page } from 'playwright-core';
import { captureCodeForPage } from './capture-code.ts';

export interface CodedPage {
  stop(): Promise<void>;
}

export interface CodedPageOptions {
  browser: Browser;
  /** Any page of the product: camera and canvas want a trustworthy origin. */
  base: string;
  whipUrl: string;
  token: string;
}

export async function startCodedPage({ browser, base, whipUrl, token }: CodedPageOptions): Promise<CodedPage> {
  const page: Page = await browser.newPage({ viewport: { width: 700, height: 400 } });
  await page.goto(base);
  await page.evaluate(
    `${captureCodeForPage()}\n(${publish})(${JSON.stringify({ whipUrl, token })}, encodeCaptureTime)`,
  );
  return {
    stop: async () => {
      await page.evaluate('window.stopPublishing()').catch(() => undefined);
      await page.close();
    },
  };
}

/** Runs in the page, as text: it may use nothing but its arguments and the page's own globals. */
const publish = `async ({ whipUrl, token }, encodeCaptureTime) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
  document.body.replaceChildren(canvas);
  const context = canvas.getContext('2d', { alpha: false });
  let turn = 0;
  const draw = () => {
    turn += 1;
    const blocks = encodeCaptureTime(Date.now());
    context.fillStyle = 'hsl(' + (turn % 360) + ' 40% 45%)';
    context.fillRect(0, 48, 640, 312);
    context.fillStyle = 'hsl(' + ((turn + 120) % 360) + ' 60% 60%)';
    context.fillRect((turn * 5) % 640, 120, 90, 90);
    blocks.forEach((white, at) => {
      context.fillStyle = white ? '#fff' : '#000';
      context.fillRect((at % 20) * 32, Math.floor(at / 20) * 24, 32, 24);
    });
  };
  draw();
  const timer = setInterval(draw, 1000 / 30);
  const stream = canvas.captureStream(30);
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const out = audio.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  pc.addTransceiver(out.stream.getAudioTracks()[0], { direction: 'sendonly' });
  const video = pc.addTransceiver(stream.getVideoTracks()[0], { direction: 'sendonly' });
  const codecs = RTCRtpSender.getCapabilities('video').codecs;
  const wanted = codecs.filter(({ mimeType }) => /H264|rtx/i.test(mimeType));
  if (wanted.some(({ mimeType }) => /H264/i.test(mimeType))) video.setCodecPreferences(wanted);
  await pc.setLocalDescription();
  await new Promise((resolve) => {
    if (pc.iceGatheringState === 'complete') return resolve();
    pc.addEventListener('icegatheringstatechange', () => pc.iceGatheringState === 'complete' && resolve());
    setTimeout(resolve, 2000);
  });
  const answer = await fetch(whipUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/sdp', authorization: 'Bearer ' + token },
    body: pc.localDescription.sdp,
  });
  if (answer.status !== 201) throw new Error('WHIP answered ' + answer.status + ': ' + (await answer.text()));
  await pc.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
  const location = answer.headers.get('location');
  window.whipLocation = location;
  window.peer = pc;
  window.stopPublishing = async () => {
    clearInterval(timer);
    await fetch(location, { method: 'DELETE', headers: { authorization: 'Bearer ' + token } });
    pc.close();
  };
}`;

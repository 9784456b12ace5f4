// The depacketizer for the video codec that was agreed on.
import type { VideoPlan } from '../sdp/plan.ts';
import { Av1Depacketizer } from './av1.ts';
import type { Depacketizer } from './coded-frame.ts';
import { H264Depacketizer } from './h264.ts';
import { HevcDepacketizer } from './hevc.ts';
import { Vp8Depacketizer } from './vp8.ts';
import { Vp9Depacketizer } from './vp9.ts';

export function createDepacketizer({ codec, parameterSets }: VideoPlan): Depacketizer {
  switch (codec) {
    case 'h264':
      return new H264Depacketizer(parameterSets);
    case 'hevc':
      return new HevcDepacketizer();
    case 'vp8':
      return new Vp8Depacketizer();
    case 'vp9':
      return new Vp9Depacketizer();
    case 'av1':
      return new Av1Depacketizer();
  }
}

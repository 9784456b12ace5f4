// H.264 first: it can be passed on without transcoding. Everything else stays as the second choice, retransmission included.

export interface Codec {
  mimeType: string;
  sdpFmtpLine?: string;
}

/** H.264 that a packetiser may fragment (mode 1) before H.264 that it may not, before the rest; the order within is kept. */
export function h264First<Any extends Codec>(codecs: readonly Any[]): Any[] {
  const rank = ({ mimeType, sdpFmtpLine }: Codec) => {
    if (mimeType.toLowerCase() !== 'video/h264') return 2;
    return sdpFmtpLine?.includes('packetization-mode=1') ? 0 : 1;
  };
  return [...codecs].sort((a, b) => rank(a) - rank(b));
}

export function preferH264(transceiver: RTCRtpTransceiver): void {
  const codecs = RTCRtpSender.getCapabilities('video')?.codecs;
  if (codecs) transceiver.setCodecPreferences?.(h264First(codecs));
}

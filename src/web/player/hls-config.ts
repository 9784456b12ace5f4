// How hls.js is set up: low latency, no catch-up of its own, and quick, patient retries while a stream is interrupted.
import type { HlsConfig, LoaderResponse, RetryConfig } from 'hls.js';

/** A missing playlist or part is asked for a few times (an edge that restarts answers 404 for a moment), then the ladder is read anew. */
const MISSING_RETRIES = 4;
/** Before the first measurement: enough for 720p, so that nobody begins with mud on a good line. */
const FIRST_ESTIMATE = 4_000_000;

export function hlsConfig({ bandwidthEstimate }: { bandwidthEstimate: number | null }): Partial<HlsConfig> {
  return {
    lowLatencyMode: true,
    // fMP4 passes through as it is: a worker would only add a hop (and need blob: in the security policy).
    enableWorker: false,
    startFragPrefetch: true,
    testBandwidth: false,
    startLevel: -1,
    abrEwmaDefaultEstimate: bandwidthEstimate ?? FIRST_ESTIMATE,
    abrEwmaDefaultEstimateMax: 20_000_000,
    capLevelToPlayerSize: true,
    capLevelOnFPSDrop: true,
    useMediaCapabilities: false,
    // The pace is ours (catch-up.ts): stock catch-up stops below 1 s of buffer, and a stall would move the target for good.
    maxLiveSyncPlaybackRate: 1,
    liveSyncOnStallIncrease: 0,
    liveDurationInfinity: true,
    backBufferLength: 30,
    maxBufferLength: 12,
    maxMaxBufferLength: 20,
    maxBufferHole: 0.2,
    highBufferWatchdogPeriod: 1,
    nudgeMaxRetry: 8,
    preserveManualLevelOnError: true,
    errorPenaltyExpireMs: 10_000,
    manifestLoadPolicy: {
      default: { maxTimeToFirstByteMs: 8_000, maxLoadTimeMs: 10_000, timeoutRetry: null, errorRetry: null },
    },
    playlistLoadPolicy: {
      default: {
        maxTimeToFirstByteMs: 8_000,
        maxLoadTimeMs: 10_000,
        timeoutRetry: { maxNumRetry: 8, retryDelayMs: 0, maxRetryDelayMs: 0 },
        errorRetry: { ...patient, maxNumRetry: 40 },
      },
    },
    fragLoadPolicy: {
      default: {
        maxTimeToFirstByteMs: 8_000,
        maxLoadTimeMs: 20_000,
        timeoutRetry: { maxNumRetry: 3, retryDelayMs: 0, maxRetryDelayMs: 0 },
        errorRetry: { ...patient, maxNumRetry: 20 },
      },
    },
  };
}

/** Also for answers that never came (an edge that restarts refuses connections) and for 4xx, which hls.js alone never retries. */
const patient: RetryConfig = {
  maxNumRetry: 40,
  retryDelayMs: 150,
  maxRetryDelayMs: 1_000,
  shouldRetry: (config, count, _isTimeout, response: LoaderResponse | undefined) =>
    count < (isMissing(response?.code) ? MISSING_RETRIES : (config?.maxNumRetry ?? 0)),
};

const isMissing = (status: number | undefined) => status === 404 || status === 410;

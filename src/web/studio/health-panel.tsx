// How the stream is, each second, in numbers and in words.
import { useEffect, useState } from 'preact/hooks';
import type { HealthReport } from '../../protocol/live.ts';
import { api } from '../api.ts';
import { Sparkline } from '../components/sparkline.tsx';
import { type HealthFigure, healthFigures, rememberHealth } from './health-figures.ts';
import './health-panel.css';

const EVERY_MS = 1000;

export function HealthPanel({ streamId }: { streamId: string }) {
  const [report, setReport] = useState<HealthReport | null>(null);
  const [history, setHistory] = useState<readonly HealthReport[]>([]);
  useEffect(() => {
    let isOpen = true;
    let timer: ReturnType<typeof setTimeout>;
    const ask = async () => {
      const answer = await api.health(streamId).catch(() => null);
      if (!isOpen) return;
      if (answer) {
        setReport(answer);
        setHistory((before) => rememberHealth(before, answer));
      }
      timer = setTimeout(ask, EVERY_MS);
    };
    void ask();
    return () => {
      isOpen = false;
      clearTimeout(timer);
    };
  }, [streamId]);

  const health = report?.health ?? null;
  return (
    <section class="card health" aria-labelledby="health-title" data-testid="health-panel">
      <div class="card-head">
        <h2 id="health-title">Health</h2>
        {health && (
          <span class="muted health-source" data-testid="health-source">
            {health.protocol.toUpperCase()} · {[health.videoCodec, health.audioCodec].filter(Boolean).join(' + ')}
            {health.width ? ` · ${health.width}×${health.height}` : ''}
          </span>
        )}
      </div>
      {health === null ? (
        <p class="muted">No encoder is connected. Numbers appear here within a second of going live.</p>
      ) : (
        <>
          <dl class="figures">
            {healthFigures(history).map((figure) => (
              <Figure figure={figure} key={figure.name} />
            ))}
          </dl>
          <div class="advice" aria-live="polite" data-testid="health-advice">
            {health.warnings.length === 0 ? (
              <p class="advice-good">All is well: the encoder sends steadily.</p>
            ) : (
              health.warnings.map(({ code, advice }) => (
                <p class="message" key={code} data-code={code}>
                  {advice}
                </p>
              ))
            )}
          </div>
          <p class="muted health-source">
            Viewers may choose {health.renditions.join(', ')}
            {health.passthrough ? '; the best is your own picture, passed through untouched' : ''}.
          </p>
        </>
      )}
    </section>
  );
}

function Figure({ figure }: { figure: HealthFigure }) {
  return (
    <div class="figure" data-mood={figure.mood}>
      <dt>{figure.label}</dt>
      <dd data-testid={`health-${figure.name}`}>
        {figure.text}
        {figure.mood === 'bad' && <span class="visually-hidden"> (needs attention)</span>}
      </dd>
      <Sparkline values={figure.values} label={`${figure.label}, the last minute`} />
    </div>
  );
}

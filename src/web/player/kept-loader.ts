// Loads for hls.js what the page has read ahead without asking anybody again; everything else goes the usual way.
import type { HlsConfig, Loader, LoaderCallbacks, LoaderConfiguration, LoaderContext, LoaderStats } from 'hls.js';
import type { KeptAnswer, ReadAhead } from '../read-ahead/read-ahead.ts';

type LoaderClass = HlsConfig['loader'];

/** `Usual` loads what was not kept. The loader that comes back is given to hls.js as `loader`. */
export function keptLoader(Usual: LoaderClass, ahead: ReadAhead): LoaderClass {
  return class KeptLoader implements Loader<LoaderContext> {
    readonly #usual: Loader<LoaderContext>;
    #kept: KeptAnswer | null = null;
    #isOver = false;
    context: LoaderContext | null = null;

    constructor(config: HlsConfig) {
      this.#usual = new Usual(config);
    }

    get stats(): LoaderStats {
      return this.#usual.stats;
    }

    load(context: LoaderContext, config: LoaderConfiguration, callbacks: LoaderCallbacks<LoaderContext>): void {
      this.context = context;
      const usual = () => this.#usual.load(context, config, callbacks);
      const answer = ahead.take(context.url);
      if (answer === null) usual();
      else {
        void answer.then((kept) => {
          if (this.#isOver) return;
          if (kept === null) usual();
          else this.#hand(kept, context, callbacks);
        });
      }
    }

    #hand(kept: KeptAnswer, context: LoaderContext, callbacks: LoaderCallbacks<LoaderContext>): void {
      this.#kept = kept;
      const { stats } = this;
      note(stats, kept);
      const data = context.responseType === 'arraybuffer' ? kept.body : new TextDecoder().decode(kept.body);
      callbacks.onSuccess({ url: kept.url, data, code: 200 }, stats, context, null);
    }

    abort(): void {
      this.#isOver = true;
      this.#usual.abort();
    }

    destroy(): void {
      this.#isOver = true;
      this.context = null;
      this.#usual.destroy();
    }

    getCacheAge(): number | null {
      return this.#kept ? this.#kept.ageSeconds : (this.#usual.getCacheAge?.() ?? null);
    }

    getResponseHeader(name: string): string | null {
      return this.#kept ? null : (this.#usual.getResponseHeader?.(name) ?? null);
    }
  };
}

/** The times of the real transfer: they are the first estimate of the viewer's line. */
function note(stats: LoaderStats, { body, startedMs, firstByteMs, endedMs }: KeptAnswer): void {
  stats.loading = { start: startedMs, first: firstByteMs, end: endedMs };
  stats.loaded = body.byteLength;
  stats.total = body.byteLength;
}

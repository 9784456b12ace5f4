// Sends the newest viewing pass with every request of hls.js, and hides it from hls.js, for which an address stays what it was.
import type { HlsConfig, LoaderCallbacks, LoaderConfiguration, LoaderContext } from 'hls.js';
import { withoutPass, withPass } from './pass-url.ts';

type LoaderClass = HlsConfig['loader'];

/** A retry asks with the pass of its own moment, so that one that ran out meanwhile does no harm. */
export const sendPass =
  (pass: () => string | null): NonNullable<HlsConfig['xhrSetup']> =>
  (xhr, url) =>
    xhr.open('GET', withPass(url, pass()), true);

/** A pass in a playlist's addresses would change them at every renewal: the init segment would count as another one. */
export function passLoader(Usual: LoaderClass): LoaderClass {
  return class PassLoader extends Usual {
    override load(
      context: LoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<LoaderContext>,
    ): void {
      super.load(context, config, {
        ...callbacks,
        onSuccess: ({ url, data, ...response }, ...rest) =>
          callbacks.onSuccess(
            { ...response, url: withoutPass(url), data: typeof data === 'string' ? withoutPass(data) : data },
            ...rest,
          ),
      });
    }
  };
}

// The custom elements of media-chrome, as JSX knows them.
import type { HTMLAttributes } from 'preact';

type ChromeElement = HTMLAttributes<HTMLElement> & { slot?: string; noautohide?: boolean };

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'media-controller': ChromeElement & {
        defaultstreamtype?: string;
        fullscreenelement?: string;
        noautoseektolive?: boolean;
        novolumepref?: boolean;
        nomutedpref?: boolean;
        hotkeys?: string;
        autohide?: string;
      };
      'media-control-bar': ChromeElement;
      'media-play-button': ChromeElement;
      'media-mute-button': ChromeElement;
      'media-volume-range': ChromeElement;
      'media-pip-button': ChromeElement;
      'media-fullscreen-button': ChromeElement;
    }
  }
}

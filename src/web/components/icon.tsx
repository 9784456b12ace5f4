// The drawings of the interface, one stroke weight, inherited colour; always beside words or a label.

const PATHS = {
  sun: 'M12 4V2m0 20v-2m8-8h2M2 12h2m13.7-5.7 1.4-1.4M4.9 19.1l1.4-1.4m0-11.4L4.9 4.9m14.2 14.2-1.4-1.4M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z',
  moon: 'M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5Z',
  camera:
    'M3 8.5A1.5 1.5 0 0 1 4.5 7h9A1.5 1.5 0 0 1 15 8.500v7a1.5 1.5 0 0 1-1.5 1.500h-9A1.5 1.5 0 0 1 3 15.500Zm12 2 6-3v9l-6-3',
  screen: 'M3 5h18v11H3Zm6 15h6m-3-4v4',
  microphone: 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3Zm-6 8a6 6 0 0 0 12 0m-6 6v4',
  muted:
    'M9 9v2a3 3 0 0 0 4.5 2.600M15 10V6a3 3 0 0 0-5.8-1M6 11a6 6 0 0 0 9.5 4.900M18 11a6 6 0 0 1-.4 2.200M12 17v4M4 4l16 16',
  stop: 'M7 7h10v10H7Z',
  copy: 'M9 9h11v11H9Zm-4 6H4V4h11v1',
  check: 'm5 12.5 4.5 4.500L19 7.5',
  key: 'M14.5 9.500a4 4 0 1 1-2.8-2.8 4 4 0 0 1 2.8 2.800Zm-.6 1.400L21 18v3h-3v-2h-2v-2h-2l-2.1-2.1',
  edit: 'm4 20 .8-4L16 4.800l3.2 3.200L8 19.200Zm10-13.200L17.2 10',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 4v5l3.5 2',
  gear: 'M4 7h10m4 0h2M4 17h2m4 0h10M16 5v4M8 15v4',
  sound: 'M4 10v4h3l5 4V6L7 10Zm12-1.500a5 5 0 0 1 0 7m2.5-9.500a9 9 0 0 1 0 12',
  play: 'M8 5.500v13l10.5-6.500Z',
  pulse: 'M3 12h4l2.5-6 5 12L17 12h4',
  plus: 'M12 5v14M5 12h14',
  up: 'M12 19V5m-6 6 6-6 6 6',
  arrow: 'M5 12h14m-5-5 5 5-5 5',
  reply: 'M10 6 4 12l6 6v-4c5 0 8 1.500 10 5 0-6-4-9-10-9Z',
  pin: 'M9 4h6l-1 6 3 3v2H7v-2l3-3Zm3 11v6',
  bin: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13m-8 4v5m4-5v5',
  send: 'M4 12 20 4l-4 16-5-6Zm7 2 9-10',
  window: 'M14 4h6v6m0-6-9 9M18 14v5.500H4.500V6H10',
  ban: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM5.700 5.700l12.6 12.600',
  shield: 'M12 3 5 6v5c0 4.500 3 8 7 10 4-2 7-5.500 7-10V6Z',
  flag: 'M6 21V4m0 1c4-2.500 7 2.500 12 0v9c-5 2.500-8-2.500-12 0',
  unseen:
    'M4 4l16 16M9.500 5.300A10 10 0 0 1 12 5c6 0 9.500 7 9.500 7a17 17 0 0 1-3 3.800M6 7.500A16 16 0 0 0 2.500 12S6 19 12 19a9 9 0 0 0 4-.900M10 10a3 3 0 0 0 4 4',
  close: 'm6 6 12 12M18 6 6 18',
} as const;

export type IconName = keyof typeof PATHS | 'footlight';

export function Icon({ name }: { name: IconName }) {
  if (name === 'footlight') {
    return (
      <svg class="icon icon-footlight" viewBox="0 0 64 64" aria-hidden="true" focusable="false">
        <path d="M25 44 12 11h40L39 44Z" fill="currentColor" opacity="0.3" />
        <path d="M18 44a14 9 0 0 1 28 0Zm-6 2h40v5H12Z" fill="currentColor" />
      </svg>
    );
  }
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.8"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

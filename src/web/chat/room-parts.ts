// All that a watch page shows of its room, in one piece of code that comes after the first picture.
export { Crowd } from '../reactions/crowd.tsx';
export { ChatPanel } from './chat-panel.tsx';
export { openPageRoom } from './page-room.ts';

import { expect, it } from 'vitest';
import { edgeAt, notePlaylist, startLiveEdge } from '../../../src/web/player/live-edge.ts';

it('knows no edge before the first playlist', () => {
  expect(edgeAt(startLiveEdge(), 1000)).toBeNull();
});

it('lets the edge run on between two playlists', () => {
  const edge = notePlaylist(startLiveEdge(), { nowMs: 10_000, edgeSeconds: 50, continuity: 0 });
  expect(edgeAt(edge, 10_250)).toBeCloseTo(50.25);
});

it('is not moved back by a playlist that came late', () => {
  let edge = notePlaylist(startLiveEdge(), { nowMs: 10_000, edgeSeconds: 50, continuity: 0 });
  edge = notePlaylist(edge, { nowMs: 10_533, edgeSeconds: 50.333, continuity: 0 });
  expect(edgeAt(edge, 10_533)).toBeCloseTo(50.533);
});

it('believes that the source has slowed down after three seconds', () => {
  let edge = notePlaylist(startLiveEdge(), { nowMs: 10_000, edgeSeconds: 50, continuity: 0 });
  edge = notePlaylist(edge, { nowMs: 13_500, edgeSeconds: 52, continuity: 0 });
  expect(edgeAt(edge, 13_500)).toBeCloseTo(52);
});

it('forgets what came before a discontinuity', () => {
  let edge = notePlaylist(startLiveEdge(), { nowMs: 10_000, edgeSeconds: 50, continuity: 0 });
  edge = notePlaylist(edge, { nowMs: 11_500, edgeSeconds: 50.4, continuity: 1 });
  expect(edgeAt(edge, 11_500)).toBeCloseTo(50.4);
});

// How a moment is written for people and programs outside (ISO 8601, UTC, to the millisecond).

export const iso = (ms: number): string => new Date(ms).toISOString();

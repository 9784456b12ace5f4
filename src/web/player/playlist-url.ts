// Where a stream, or the newest stream of a channel, is played from. index.html asks for the same address ahead of the code.
export const playlistUrl = (id: string): string => `/live/${id}/index.m3u8`;

// The definition of a viewer, in words.

/** What a viewer is, wherever the number is shown. */
export const VIEWERS_MEANS =
  'Open pages whose picture is playing in front of somebody now, embedded ones too; background tabs, paused players, chat alone and robots do not count';

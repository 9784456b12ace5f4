// What a watch page brings along: the answers to the first questions of every player, beside the page itself.

/** The element of the page that holds them, as JSON. */
export const FIRST_ANSWERS_ID = 'first-answers';

/** One playlist as it was when the page left the edge; `path` begins at the root of the address the page came from. */
export interface FirstAnswer {
  path: string;
  body: string;
}

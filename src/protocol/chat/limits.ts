// What a room takes and keeps.

/** Of one frame of a client, as UTF-8. */
export const CLIENT_FRAME_MAX_BYTES = 4096;
/** Of one socket, lasting; three seconds' worth at once. */
export const CLIENT_FRAMES_PER_SECOND = 10;
/** Frames that make no sense or come too fast, each forgiven after ten seconds; the next one closes the socket. */
export const BAD_FRAMES_MAX = 20;
/** A visit can be resumed for this long after its socket was cut. */
export const RESUME_SECONDS = 300;
/** Events that a newcomer is told. */
export const BACKLOG_EVENTS = 50;
/** Events that one answer to a resume holds; who missed more begins anew with the newest. */
export const RESUME_EVENTS_MAX = 20_000;
export const TICKET_SECONDS = 60;
/** A visit ends after this at the latest, and a new ticket is needed. */
export const VISIT_HOURS_MAX = 12;
/** Characters of why a room is cleared. */
export const CLEAR_REASON_MAX = 200;

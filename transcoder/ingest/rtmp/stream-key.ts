// Finds the stream key in what encoders put into `app` and the publish name.

/** The protocol between node and edge takes no longer ones. */
const MAX_KEY_LENGTH = 200;

/**
 * The key is the publish name without its query. Encoders that were given one long address split it elsewhere: then the key
 * is the last path segment of the name, or, when the name is empty, of the app. Null when there is none.
 */
export function findStreamKey(app: string, publishName: string): string | null {
  const fromName = lastSegment(publishName);
  const key = fromName === '' && app.includes('/') ? lastSegment(app) : fromName;
  return key === '' || key.length > MAX_KEY_LENGTH ? null : key;
}

const lastSegment = (path: string): string => path.split('?')[0]!.replace(/\/+$/, '').split('/').at(-1)!;

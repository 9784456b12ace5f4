// The public API as a signed-in person's program uses it.
const REQUEST_LIMIT_MS = 10_000;

export type Ask = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
) => Promise<Response>;

/** Signs in as one of the seeded people (local mode only); what is asked afterwards is asked as them. */
export async function signIn(base: string, user: string): Promise<Ask> {
  const headers: Record<string, string> = { origin: base, 'content-type': 'application/json' };
  const ask: Ask = (method, path, body) =>
    fetch(`${base}${path}`, {
      method,
      headers,
      body: body ? JSON.stringify(body) : undefined,
      signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
    });
  const answer = await ask('POST', '/api/v1/session', { user });
  await readJson(answer);
  headers.cookie = answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
  return ask;
}

/** The JSON of an answer; anything but a 2xx is thrown with what it said. */
export async function readJson<T>(answer: Response): Promise<T> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${text.slice(0, 300)}`);
  return (text ? JSON.parse(text) : {}) as T;
}

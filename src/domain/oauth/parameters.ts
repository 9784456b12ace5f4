// Reading the parameters of an OAuth request, each of which may be there once.
import { SCOPES, type Scope } from '../../protocol/claims.ts';

/** RFC 6749 section 3.1: no parameter twice. `resource` alone may be (RFC 8707 section 2). */
export function repeatedParameter(parameters: URLSearchParams): string | null {
  const seen = new Set<string>();
  for (const name of parameters.keys()) {
    if (name !== 'resource' && seen.has(name)) return name;
    seen.add(name);
  }
  return null;
}

/** RFC 6749 section 3.1: one without a value counts as left out. */
export const parameter = (parameters: URLSearchParams, name: string): string | null => parameters.get(name) || null;

/** Null: one of them is none of ours. */
export function readScopes(text: string): Scope[] | null {
  const asked = new Set(text.split(' ').filter((one) => one !== ''));
  const known = SCOPES.filter((one) => asked.has(one));
  return known.length === asked.size ? known : null;
}

export const isWithin = (asked: readonly Scope[], allowed: readonly Scope[]): boolean =>
  asked.every((one) => allowed.includes(one));

/** RFC 8707: a token is asked for a resource; we issue for one only. */
export const wantsOnly = (parameters: URLSearchParams, audience: string): boolean =>
  parameters.getAll('resource').every((one) => one === audience);

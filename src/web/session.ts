// Who is signed in, shared by the pages that ask.
import { signal } from '@preact/signals';
import type { Session } from '../protocol/claims.ts';
import { api } from './api.ts';

/** undefined until the first answer; null when the server did not give one. */
export const session = signal<Session | null | undefined>(undefined);

export async function refreshSession(): Promise<void> {
  session.value = await api.session().catch(() => null);
}

export async function signIn(handle: string): Promise<void> {
  session.value = await api.signIn(handle);
}

export async function signOut(): Promise<void> {
  await api.signOut();
  await refreshSession();
}

/** Does whoever is signed in moderate Footlight itself? The doors look it up anew. */
export const moderatesAll = (): boolean => ['moderator', 'admin'].includes(session.value?.user?.role ?? 'viewer');

// Whom a moderator reaches: nobody acts on an equal or a higher one. Pure.

import { mayActOn } from '../../domain/rank.ts';
import type { Author } from '../../protocol/chat/message.ts';

/** Oneself in the room; null: not known yet. */
export type You = Pick<Author, 'id' | 'roles'> | null;

/** By the roles that the author had when it was said; the server looks them up anew. */
export const standsBelow = (you: You, author: Pick<Author, 'roles'> | null): boolean =>
  you === null || mayActOn(['viewer', ...you.roles], ['viewer', ...(author?.roles ?? [])]);

/** What one has said oneself goes too, an announcement for example. */
export const mayRemove = (you: You, author: Pick<Author, 'id' | 'roles'> | null): boolean =>
  (you !== null && you.id === author?.id) || standsBelow(you, author);

// Rank safety: nobody acts on an equal or a higher role, whatever else the table of access allows.
import { ROLES, type Role } from './access.ts';

const HIGHEST = ROLES.length - 1;

/** The highest of somebody's roles counts. */
export const rankOf = (roles: readonly Role[]): number => Math.max(0, ...roles.map((role) => ROLES.indexOf(role)));

export const mayActOn = (actor: readonly Role[], target: readonly Role[]): boolean => rankOf(actor) > rankOf(target);

/** One's own stream, or that of somebody lower; an administrator ends any, since nobody stands above who could end that of another. */
export const mayEnd = (actor: readonly Role[], owner: readonly Role[]): boolean =>
  actor.includes('owner') || actor.includes('admin') || mayActOn(actor, owner);

/** A role below one's own; only the highest may make others like themselves, since nobody stands above them who could. */
export const mayGive = (actor: readonly Role[], role: Role): boolean =>
  rankOf(actor) > ROLES.indexOf(role) || rankOf(actor) === HIGHEST;

// A person thinks of apps, not of the times that they said yes to one: approvals of one app are shown as one.
import { SCOPES, type Scope } from '../../protocol/claims.ts';
import type { Grant } from '../../protocol/oauth.ts';

export interface AllowedApp {
  app: Grant['app'];
  /** What any of its approvals lets it do. */
  scopes: Scope[];
  lastUsedAt: string;
  grantIds: string[];
}

/** In the order in which the apps come. */
export function byApp(grants: readonly Grant[]): AllowedApp[] {
  return [...Map.groupBy(grants, ({ app }) => app.id).values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    return {
      app: first.app,
      scopes: SCOPES.filter((scope) => group.some((one) => one.scopes.includes(scope))),
      lastUsedAt: group.reduce((last, one) => (one.lastUsedAt > last ? one.lastUsedAt : last), first.lastUsedAt),
      grantIds: group.map(({ id }) => id),
    };
  });
}

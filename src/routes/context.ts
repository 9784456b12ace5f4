// What a request carries through the doors.
import type { Context } from 'hono';
import type { Asking } from '../auth/authenticators.ts';
import type { Principal } from '../auth/principal.ts';
import { truncatedNetwork } from '../protocol/network.ts';

export interface AppEnv {
  Bindings: Env;
  Variables: {
    requestId: string;
    /** Set by `identified`; null: nobody is signed in. */
    principal: Principal | null;
    /** The word that this answer gives its browser to keep. */
    device?: string;
  };
}

export type AppContext = Context<AppEnv>;

/** The address that every absolute URL begins with: PUBLIC_URL, or where the request was sent. No slash at the end. */
export const baseUrl = (c: AppContext): string => c.env.PUBLIC_URL.replace(/\/+$/, '') || new URL(c.req.url).origin;

/** The address of the client as Cloudflare saw it; a constant where nothing stands in front. */
export const remoteAddress = (c: AppContext): string => c.req.header('CF-Connecting-IP') ?? 'local';

/** As much of it as may be a key or be kept: whoever has an IPv6 network has 2^80 addresses of a /48. */
export const networkOf = (c: AppContext): string => truncatedNetwork(remoteAddress(c)) ?? remoteAddress(c);

/** What a credential of this request is looked at with, at this moment. */
export const lookingOf = (c: AppContext): Omit<Asking, 'request'> => ({
  env: c.env,
  base: baseUrl(c),
  nowMs: Date.now(),
  waitUntil: (work) => c.executionCtx.waitUntil(work),
});

// What the Worker is bound to: wrangler.toml and the secrets, in one place.
import type { Fleet } from '../durable-objects/fleet.ts';
import type { LiveOrigin } from '../durable-objects/live-origin.ts';
import type { LiveRoom } from '../durable-objects/live-room.ts';
import type { RoomHub } from '../durable-objects/room-hub.ts';
import type { RoomShard } from '../durable-objects/room-shard.ts';
import type { AuditEntry } from './protocol/audit.ts';
import type { WebhookMessage } from './protocol/webhooks.ts';

declare global {
  interface Env {
    MODE: 'local' | 'production';
    PUBLIC_URL: string;
    EDGE_CACHE: 'on' | 'off';
    /** Sockets that one room holds. */
    ROOM_SOCKETS_MAX: string;
    /** Sockets from which shards hold them. */
    ROOM_SHARD_FROM: string;
    /** Of one shard. */
    ROOM_SHARD_SOCKETS: string;
    /** Shards that one object speaks to; with more, hubs stand between, and each has so many. */
    ROOM_HUB_SHARDS: string;
    /** Secret: shared with every transcoder node. */
    NODE_SECRET: string;
    /** Secret: 32 bytes in base64url; secrets that must be readable again are stored wrapped with it. */
    WRAPPING_KEY: string;
    /** Local mode only: the private ES256 JWK of `npm run token`, as JSON. No other mode looks at it. */
    TOKEN_KEY?: string;
    /** Secret: the key of viewing passes is derived from it. */
    VIEWING_KEY: string;
    /** Secret: the OpenID providers that people sign in with, as JSON: [{ "id", "name", "issuer", "clientId", "clientSecret" }]. */
    OIDC_PROVIDERS?: string;
    /** Who becomes an admin by signing in, as JSON: [{ "issuer", "subject" }] or [{ "issuer", "email" }]. */
    ADMIN_IDENTITIES?: string;
    /** STUN and TURN servers for WHIP encoders, as JSON: [{ "urls": "turn:..", "username": .., "credential": .. }]. */
    ICE_SERVERS?: string;
    ASSETS: Fetcher;
    LIVE_ORIGIN: DurableObjectNamespace<LiveOrigin>;
    LIVE_ROOM: DurableObjectNamespace<LiveRoom>;
    ROOM_SHARD: DurableObjectNamespace<RoomShard>;
    ROOM_HUB: DurableObjectNamespace<RoomHub>;
    FLEET: DurableObjectNamespace<Fleet>;
    DB: D1Database;
    /** Every interaction, on its way to the audit log. */
    AUDIT: Queue<AuditEntry>;
    /** Deliveries of webhooks that are due. */
    WEBHOOKS: Queue<WebhookMessage>;
    MEDIA: R2Bucket;
    /** Workers AI; missing: the rules judge alone. */
    AI?: { run(model: string, input: object): Promise<unknown> };
    /** The model that is asked what the rules doubt; empty: none. */
    CHAT_MODEL?: string;
    WRITE_LIMIT: RateLimit;
    /** Writes where nobody is signed in, per network. */
    NETWORK_LIMIT: RateLimit;
    /** Heartbeats of pages that play, per address. */
    WATCHING_LIMIT: RateLimit;
    /** Guesses of a stream's password, per network and stream. */
    GUESS_LIMIT: RateLimit;
    /** Refusals that leave a row in the audit log, per account, else per network. */
    REFUSAL_LIMIT: RateLimit;
    /** Rows that say of more refusals than that, per account, else per network. */
    REFUSAL_GAP_LIMIT: RateLimit;
  }
  namespace Cloudflare {
    interface Env extends globalThis.Env {}
  }
}

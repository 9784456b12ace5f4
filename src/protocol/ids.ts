// The ids of everything that has one: a short prefix says what it names, the rest is random.
import { z } from 'zod';

const id = <Brand extends string>(prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[a-z0-9]{4,32}$`), `must look like ${prefix}_xxxxxxxx`)
    .brand<Brand>();

export const UserId = id<'UserId'>('us');
export type UserId = z.infer<typeof UserId>;
export const ChannelId = id<'ChannelId'>('ch');
export type ChannelId = z.infer<typeof ChannelId>;
export const StreamId = id<'StreamId'>('st');
export type StreamId = z.infer<typeof StreamId>;
export const NodeId = id<'NodeId'>('nd');
export type NodeId = z.infer<typeof NodeId>;
/** One publishing session of one encoder on one node; a reconnect of the same session keeps it. */
export const SessionId = id<'SessionId'>('se');
export type SessionId = z.infer<typeof SessionId>;

/** One sign-in of one browser. */
export const BrowserSessionId = id<'BrowserSessionId'>('bs');
export type BrowserSessionId = z.infer<typeof BrowserSessionId>;
/** An app or bot of somebody else, registered here. */
export const AppId = id<'AppId'>('ap');
export type AppId = z.infer<typeof AppId>;
/** What one person has allowed one app. */
export const GrantId = id<'GrantId'>('gr');
export type GrantId = z.infer<typeof GrantId>;
export const WebhookId = id<'WebhookId'>('wh');
export type WebhookId = z.infer<typeof WebhookId>;
/** One event on its way to one webhook; a replay is a delivery of its own. */
export const DeliveryId = id<'DeliveryId'>('dl');
export type DeliveryId = z.infer<typeof DeliveryId>;
export const MessageId = id<'MessageId'>('ms');
export type MessageId = z.infer<typeof MessageId>;
/** What somebody who is banned asks of moderators. */
export const AppealId = id<'AppealId'>('al');
export type AppealId = z.infer<typeof AppealId>;
export const PollId = id<'PollId'>('pl');
export type PollId = z.infer<typeof PollId>;
/** One interaction in the audit log; its webhook event carries the same id. */
export const AuditId = id<'AuditId'>('au');
export type AuditId = z.infer<typeof AuditId>;
/** A person in the audit log. */
export const Pseudonym = id<'Pseudonym'>('pp');
export type Pseudonym = z.infer<typeof Pseudonym>;
/** One erasure of one account, and its receipt. */
export const ErasureId = id<'ErasureId'>('er');
export type ErasureId = z.infer<typeof ErasureId>;
/** One message that people have complained about. */
export const ReportId = id<'ReportId'>('rp');
export type ReportId = z.infer<typeof ReportId>;
/** What a moderator wrote down about somebody. */
export const NoteId = id<'NoteId'>('nt');
export type NoteId = z.infer<typeof NoteId>;

/** A rendition's name is its place in every URL: `720p`, `360p`, `audio`. */
export const RenditionName = z
  .string()
  .regex(/^[a-z0-9]{1,12}$/)
  .brand<'RenditionName'>();
export type RenditionName = z.infer<typeof RenditionName>;

type Prefix =
  | 'us'
  | 'ch'
  | 'st'
  | 'nd'
  | 'se'
  | 'bs'
  | 'ap'
  | 'gr'
  | 'wh'
  | 'dl'
  | 'ms'
  | 'pl'
  | 'au'
  | 'pp'
  | 'er'
  | 'rp'
  | 'nt'
  | 'al';
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';

/** A new id from `randomBytes` (16 or more random bytes; randomness is the caller's): `mintId('st', bytes)`. */
export const mintId = (prefix: Prefix, randomBytes: Uint8Array): string =>
  `${prefix}_${Array.from(randomBytes.subarray(0, 16), (byte) => ALPHABET[byte & 31]).join('')}`;

// How much one account, channel or stream may have: one table, read by the doors that add to it.

interface Quota {
  max: number;
  /** What there are so many of, as a sentence begins. */
  held(max: number): string;
  /** What to do when it is full. */
  remedy: string;
}

/** That a channel has one open stream is no quota but what a channel is: its refusal is a conflict, and the database holds it. */
export const QUOTAS = {
  open_streams: { max: 100, held: (max) => `You have ${max} streams that wait or are live`, remedy: 'End one first.' },
  streams_a_day: {
    max: 300,
    held: (max) => `You have opened ${max} streams within 24 hours`,
    remedy: 'Go on with one of them, or wait.',
  },
  apps: { max: 20, held: (max) => `You have ${max} apps`, remedy: 'Delete one first.' },
  webhooks: { max: 20, held: (max) => `You have ${max} webhooks`, remedy: 'Delete one first.' },
  follows: { max: 1000, held: (max) => `You follow ${max} channels`, remedy: 'Let one of them go first.' },
  members: {
    max: 500,
    held: (max) => `The stream has ${max} members`,
    remedy: 'Remove one before you invite another.',
  },
  channel_roles: {
    max: 100,
    held: (max) => `The channel has ${max} roles`,
    remedy: 'Take one before you give another.',
  },
  bans: { max: 2000, held: (max) => `The list has ${max} bans`, remedy: 'Lift one that is no longer needed first.' },
  reports_a_day: {
    max: 100,
    held: (max) => `You have reported ${max} messages within 24 hours`,
    remedy: 'Wait, or ask a moderator of the channel.',
  },
  notes: { max: 50, held: (max) => `There are ${max} notes about this person`, remedy: 'Delete one first.' },
  blocks: { max: 1000, held: (max) => `You have blocked ${max} people`, remedy: 'Let one of them go first.' },
} as const satisfies Record<string, Quota>;
export type QuotaName = keyof typeof QUOTAS;

/** Over how long `streams_a_day` and `reports_a_day` are counted. */
export const STREAMS_COUNTED_SECONDS = 24 * 60 * 60;

/** Is there room for one more beside so many? */
export const hasRoom = (name: QuotaName, count: number): boolean => count < QUOTAS[name].max;

export function refusalOf(name: QuotaName): string {
  const { max, held, remedy } = QUOTAS[name];
  return `${held(max)}, which is the most there can be. ${remedy}`;
}

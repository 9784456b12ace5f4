// The shield over this room: what the channel has set, raised by a moderator or by a raid on this room, and lowered in time.
import type { RoomOutput, RoomTrace } from '../../src/domain/chat/inputs.ts';
import { RaidWatch, type Trip } from '../../src/domain/chat/raid-watch.ts';
import { isUp, type RaisedShield } from '../../src/domain/chat/shield.ts';
import type { StreamId } from '../../src/protocol/ids.ts';
import { TRIPPED_SHIELD_SECONDS } from '../../src/protocol/shield.ts';
import type { TripName } from '../../src/protocol/shield-state.ts';
import { listOpenRooms } from '../../src/storage/room-visits.ts';
import { findShieldOfStream, type ShieldRecord, tripShield } from '../../src/storage/shields.ts';
import type { RoomKeeper } from './keeper.ts';

export class ShieldKeeper {
  private readonly env: Pick<Env, 'DB' | 'LIVE_ROOM'>;
  private readonly keeper: RoomKeeper;
  private readonly waitUntil: (work: Promise<unknown>) => void;
  private readonly watch = new RaidWatch();
  /** The channel's, as it was last heard; null: never. */
  private known: ShieldRecord | null;

  constructor(
    env: Pick<Env, 'DB' | 'LIVE_ROOM'>,
    { keeper, waitUntil }: { keeper: RoomKeeper; waitUntil: (work: Promise<unknown>) => void },
  ) {
    this.env = env;
    this.keeper = keeper;
    this.waitUntil = waitUntil;
    this.known = keeper.facts.read('shield') ?? null;
  }

  /** With the rules: when the room begins, and at each change. */
  async read(streamId: StreamId): Promise<void> {
    const record = await findShieldOfStream(this.env.DB, streamId);
    // What the room has done by itself meanwhile is newer than an answer of the same version.
    if (!record || record.version <= (this.known?.version ?? -1)) return;
    this.learn(record);
    this.put(this.ofChannel, null);
  }

  /** As the channel has set it; null: it is down. */
  get ofChannel(): RaisedShield | null {
    if (!this.known) return null;
    const { mode, untilMs, raisedBy: by } = this.known;
    const shield = untilMs !== null && by !== null ? { mode, untilMs, by } : null;
    return isUp(shield, Date.now()) ? shield : null;
  }

  /** Somebody has come in. */
  joined(): void {
    this.came('joinsPerMinute');
  }

  /** What came of something that somebody wanted to say. */
  heard(outputs: readonly RoomOutput[]): void {
    const isStopped = outputs.some(
      (output) => output.type === 'hold' || (output.type === 'refuse' && output.refusal.code === 'message_denied'),
    );
    const isSaid = outputs.some((output) => output.type === 'toEverybody' && output.event.kind === 'message');
    if (isStopped || isSaid) this.came('messagesPerSecond');
    if (isStopped) this.came('deniedPerMinute');
  }

  /** Lowers what is over; what raised itself stays up while the raid goes on. */
  timePassed(nowMs: number): void {
    const { shield } = this;
    if (!shield || shield.untilMs > nowMs) return;
    const high = shield.by === 'itself' && this.known ? this.watch.stillHigh(this.known.trips, nowMs) : null;
    const { by, untilMs } = shield;
    if (high) this.raise(high, nowMs);
    else this.put(null, { ...this.act('shield.lowered'), before: { by, untilMs }, after: { by: 'itself' } });
  }

  get nextLookMs(): number | null {
    return this.shield?.untilMs ?? null;
  }

  private get shield(): RaisedShield | null {
    return this.keeper.known?.memory.shield ?? null;
  }

  private came(name: TripName): void {
    if (!this.known) return;
    const nowMs = Date.now();
    const trip = this.watch.came(name, this.known.trips, nowMs);
    if (trip && !isUp(this.shield, nowMs)) this.raise(trip, nowMs);
  }

  private raise({ trip, count, limit }: Trip, nowMs: number): void {
    const { known } = this;
    if (!known) return;
    const untilMs = nowMs + TRIPPED_SHIELD_SECONDS * 1000;
    const after = { by: 'itself', trip, count, limit, untilMs };
    this.put({ mode: known.mode, untilMs, by: 'itself' }, { ...this.act('shield.raised'), after });
    const until = new Date(untilMs).toISOString();
    this.keeper.telling.toSome('moderators', { kind: 'tripped', trip, count, limit, until });
    this.waitUntil(
      this.tellChannel(known, untilMs).catch((error) =>
        console.error('The shield is up in this room, and the channel could not be told.', error),
      ),
    );
  }

  /** The other rooms of the channel, and those to come. */
  private async tellChannel(raised: ShieldRecord, untilMs: number): Promise<void> {
    const { DB, LIVE_ROOM } = this.env;
    this.learn(await tripShield(DB, raised, untilMs));
    this.put(this.ofChannel, null);
    const ids = await listOpenRooms(DB, raised.channelId);
    const others = ids.filter((id) => id !== this.keeper.known?.memory.streamId);
    await Promise.all(others.map((id) => LIVE_ROOM.get(LIVE_ROOM.idFromName(id)).rulesChanged(id)));
  }

  private learn(record: ShieldRecord): void {
    if (record.version <= (this.known?.version ?? -1)) return;
    this.known = record;
    this.keeper.facts.write('shield', record);
  }

  private put(shield: RaisedShield | null, trace: RoomTrace | null): void {
    if (JSON.stringify(shield) === JSON.stringify(this.shield)) return;
    this.keeper.receive({ type: 'guarded', guard: { shield }, trace }, null);
  }

  private act(action: 'shield.raised' | 'shield.lowered'): RoomTrace {
    const id = this.keeper.known?.memory.streamId;
    return { action, ...(id && { target: { type: 'stream', id } }) };
  }
}

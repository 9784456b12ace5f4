// The side of a room that hears of what happens elsewhere: its stream, its channel's rules, and people whose rights change.
import { cleared } from '../../src/domain/chat/clearing.ts';
import type { Caller, Moderator, RoomPlace, Whose } from '../../src/domain/chat/guest.ts';
import type { Closing } from '../../src/protocol/chat/closing.ts';
import type { StreamId, UserId } from '../../src/protocol/ids.ts';
import type { ReportNotice } from '../../src/protocol/reports.ts';
import { CountingRoom } from './counting-room.ts';
import { HiddenShelf } from './hidden-shelf.ts';
import { type Restraining, restrain } from './moderating.ts';

export class HearingRoom extends CountingRoom {
  protected readonly hidden = new HiddenShelf(this.ctx.storage.sql);

  /** The origin says so at each change. */
  async streamChanged(place: RoomPlace): Promise<void> {
    this.keeper.at(place);
    this.keeper.receive({ type: 'stream_changed', state: place.streamState }, null);
    this.tallyAt(place);
  }

  /** They have signed out, or their rights have changed: their sockets end. Null: everybody's. */
  async turnAway(whose: Whose | null, closing: Closing): Promise<void> {
    await this.keeper.turnAway(whose, closing);
  }

  /** The rules of the channel or the platform have changed: the next line is judged by them. */
  async rulesChanged(streamId: StreamId): Promise<void> {
    await this.keeper.rules.read(streamId);
  }

  /** Somebody was banned, or a ban was lifted: it counts from this moment. */
  async restrained(by: Moderator, told: Restraining): Promise<void> {
    restrain(this.keeper, by, told);
    this.keeper.schedule(Date.now());
  }

  /** All that was said up to now is gone. */
  async clear(place: RoomPlace, caller: Caller, reason: string | null): Promise<void> {
    const room = this.keeper.at(place);
    this.keeper.carryOutAll(cleared(room, reason, Date.now()), { doer: caller, asker: null });
    this.keeper.receive({ type: 'pin', message: null }, caller);
  }

  /** Two people are hidden from each other, or no longer: their sockets hear it, without a word of who wanted it. */
  async parted(one: UserId, other: UserId, isHidden: boolean): Promise<void> {
    const nowMs = Date.now();
    this.hidden.change([one, other], isHidden, nowMs);
    for (const userId of [one, other]) {
      const userIds = this.hidden.of(userId);
      this.keeper.telling.toSome({ userId, unlessStaff: true }, { kind: 'hidden', userIds });
    }
    this.keeper.schedule(nowMs);
  }

  /** Something was reported, or a report was answered: moderators hear it. */
  async reported(notice: ReportNotice): Promise<void> {
    this.keeper.telling.toSome('moderators', { kind: 'reported', ...notice });
  }

  async followed(userId: UserId, followedAtMs: number | null): Promise<void> {
    this.keeper.book.followed(userId, followedAtMs);
    this.keeper.hall.change(
      ({ guest }) => guest?.id === userId,
      (guest) => ({ ...guest, followedAtMs }),
    );
  }

  /** They have left Footlight: their sockets end, their words stay without them. */
  async forget(ids: UserId[]): Promise<void> {
    const away = ids.map((userId) => this.keeper.turnAway({ userId }, 'signed_out'));
    this.keeper.forget(ids);
    this.hidden.forget(ids);
    this.pulse.ballots.forget(ids);
    await this.pulse.countUpvotes();
    await Promise.all(away);
  }
}

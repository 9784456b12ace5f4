// What the moderators of a room hear of each other and of the judges, beside the queue; nobody else does.

import { type Bucket, refilled } from '../../src/domain/chat/rate-limit.ts';
import type { Restraint, RestraintScope } from '../../src/domain/chat/restraint.ts';
import type { Named } from '../../src/domain/chat/speaker.ts';
import { iso } from '../../src/domain/iso.ts';
import type { Ban } from '../../src/protocol/bans.ts';
import type { DeniedLine, ModeratorAct } from '../../src/protocol/chat/desk.ts';
import type { RoomEvent } from '../../src/protocol/chat/events.ts';
import type { Doer } from './answers.ts';
import type { Hearers } from './hearers.ts';
import type { Telling } from './telling.ts';

/** More than that nobody reads, and a raid must not fill the sockets of moderators; all of it is in the audit log. */
const DENIED = { burst: 50, perSecond: 10 };

export class DeskLine {
  private readonly telling: Pick<Telling, 'toSome'>;
  private mayTell: Bucket = { tokens: DENIED.burst, atMs: 0 };

  constructor(telling: Pick<Telling, 'toSome'>) {
    this.telling = telling;
  }

  /** A judge let nobody see it. */
  denied(line: Omit<DeniedLine, 'at'>, nowMs: number): void {
    this.mayTell = refilled(this.mayTell, DENIED, nowMs);
    if (this.mayTell.tokens < 1) return;
    this.mayTell.tokens -= 1;
    this.telling.toSome('moderators', { kind: 'denied', line: { ...line, at: iso(nowMs) } });
  }

  /** An event that a moderator has brought about, and by whom. */
  happened(event: RoomEvent, doer: Doer): void {
    const by = namedIn(doer);
    if (by && event.kind === 'cleared') this.acted('moderators', { act: 'cleared', by, at: event.at });
    if (by && event.kind === 'removed' && event.by === 'moderator')
      this.acted('moderators', { act: 'removed', by, messageIds: event.messageIds, at: event.at });
  }

  /** Who is held without knowing it hears nothing of it, whatever they are here. */
  restrained(
    { id, handle, name }: Named,
    told: { atMs: number; scope: RestraintScope; restraint: Restraint | null; user: Named; ban: Ban | null },
  ): void {
    const { atMs, scope, user, ban } = told;
    const act = ban ? 'banned' : 'lifted';
    this.acted({ moderatorsBut: user.id }, { act, by: { id, handle, name }, scope, user, ban, at: iso(atMs) });
  }

  private acted(to: Hearers, what: Pick<ModeratorAct, 'act' | 'by' | 'at'> & Partial<ModeratorAct>): void {
    this.telling.toSome(to, { kind: 'acted', user: null, scope: 'channel', ban: null, messageIds: [], ...what });
  }
}

function namedIn(doer: Doer): Named | null {
  if (doer?.handle === undefined || doer.name === undefined) return null;
  return { id: doer.id, handle: doer.handle, name: doer.name };
}

// The few things beside its events that a room must not forget: one row each.

import type { RoomMemory } from '../../src/domain/chat/inputs.ts';
import type { JudgingBy } from '../../src/domain/chat/judging.ts';
import type { PulseMemory } from '../../src/domain/chat/pulse.ts';
import type { ShardPlan } from '../../src/domain/chat/shard-plan.ts';
import type { ShieldRecord } from '../../src/storage/shields.ts';

export interface Facts {
  memory: RoomMemory;
  /** By which the room judged last. */
  rules: NonNullable<JudgingBy['rules']>;
  /** While events are gathered: the first that not everybody has been told. */
  untoldFrom: number;
  /** What is counted, as it was last told. */
  pulse: PulseMemory;
  /** How many shards there have been, and whether newcomers sit there. */
  shards: ShardPlan;
  /** The shield of the channel, as it was last heard. */
  shield: ShieldRecord;
}

export class RoomFacts {
  private readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
    sql.exec('CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)');
  }

  read<Name extends keyof Facts>(name: Name): Facts[Name] | undefined {
    const [row] = this.sql.exec<{ value: string }>('SELECT value FROM facts WHERE name = ?', name);
    return row ? (JSON.parse(row.value) as Facts[Name]) : undefined;
  }

  write<Name extends keyof Facts>(name: Name, value: Facts[Name]): void {
    this.sql.exec('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)', name, JSON.stringify(value));
  }

  drop(name: keyof Facts): void {
    this.sql.exec('DELETE FROM facts WHERE name = ?', name);
  }
}

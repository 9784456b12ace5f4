// The origin's own SQLite: what must outlive its memory.
import type { Generation, Segment } from '../../src/domain/hls/segments.ts';
import type { TimelineMemory } from '../../src/domain/hls/timeline.ts';
import type { StreamLife } from '../../src/domain/stream.ts';
import type { StreamState } from '../../src/protocol/api.ts';
import type { RenditionName, SessionId } from '../../src/protocol/ids.ts';
import type { OriginConfig } from '../../src/protocol/origin.ts';

/** The session that may publish, and how far it is stored. */
export interface Session {
  sessionId: SessionId;
  acknowledgedSeq: number;
}

/** One row each in `facts`. */
export interface Facts {
  config: OriginConfig;
  life: StreamLife;
  session: Session | null;
  /** Sessions that lost their place, newest last. */
  superseded: SessionId[];
  nextMsn: number;
  /** The state that D1 knows of. */
  recorded: StreamState;
  posterBytes: number;
  /** When an encoder was last refused because the stream had just been ended. */
  triedMs: number;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS generations (
    generation INTEGER PRIMARY KEY, first_msn INTEGER NOT NULL, discontinuity INTEGER NOT NULL, renditions TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS inits (
    generation INTEGER NOT NULL, rendition TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (generation, rendition));
  CREATE TABLE IF NOT EXISTS segments (
    rendition TEXT NOT NULL, msn INTEGER NOT NULL, generation INTEGER NOT NULL, duration_seconds REAL NOT NULL,
    program_date_time_ms REAL NOT NULL, byte_length INTEGER NOT NULL, parts TEXT NOT NULL, offers_parts INTEGER NOT NULL,
    is_gap INTEGER NOT NULL, discontinuity INTEGER NOT NULL, starts_discontinuity INTEGER NOT NULL,
    PRIMARY KEY (rendition, msn));
`;

export class Shelf {
  private readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
    sql.exec(SCHEMA);
  }

  read<Name extends keyof Facts>(name: Name): Facts[Name] | undefined {
    const [row] = this.sql.exec<{ value: string }>('SELECT value FROM facts WHERE name = ?', name);
    return row ? (JSON.parse(row.value) as Facts[Name]) : undefined;
  }

  write<Name extends keyof Facts>(name: Name, value: Facts[Name]): void {
    this.sql.exec('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)', name, JSON.stringify(value));
  }

  /** What the newest `segmentCount` numbers hold; older rows stay for recordings. */
  timeline(segmentCount: number): TimelineMemory {
    const generations = this.sql
      .exec<GenerationRow>('SELECT * FROM generations ORDER BY generation')
      .toArray()
      .map(toGeneration);
    const segments = this.sql
      .exec<SegmentRow>(
        'SELECT * FROM segments WHERE msn > (SELECT COALESCE(MAX(msn), 0) FROM segments) - ? ORDER BY rendition, msn',
        segmentCount,
      )
      .toArray()
      .map(toSegment);
    return { generations, segments, nextMsn: this.read('nextMsn') ?? 0 };
  }

  saveGeneration({ generation, firstMsn, discontinuity, renditions }: Generation): void {
    this.sql.exec(
      'INSERT OR REPLACE INTO generations VALUES (?, ?, ?, ?)',
      generation,
      firstMsn,
      discontinuity,
      JSON.stringify(renditions),
    );
  }

  saveInit(generation: number, rendition: string, body: Uint8Array): void {
    this.sql.exec('INSERT OR REPLACE INTO inits VALUES (?, ?, ?)', generation, rendition, body);
  }

  init(generation: number, rendition: string): Uint8Array | null {
    const [row] = this.sql.exec<{ body: ArrayBuffer }>(
      'SELECT body FROM inits WHERE generation = ? AND rendition = ?',
      generation,
      rendition,
    );
    return row ? new Uint8Array(row.body) : null;
  }

  saveSegment(segment: Segment): void {
    this.sql.exec(
      'INSERT OR REPLACE INTO segments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      segment.rendition,
      segment.msn,
      segment.generation,
      segment.durationSeconds,
      segment.programDateTimeMs,
      segment.byteLength,
      JSON.stringify(segment.parts),
      Number(segment.offersParts),
      Number(segment.isGap),
      segment.discontinuity,
      Number(segment.startsDiscontinuity),
    );
  }

  segment(rendition: string, generation: number, msn: number): Segment | null {
    const [row] = this.sql.exec<SegmentRow>(
      'SELECT * FROM segments WHERE rendition = ? AND msn = ? AND generation = ?',
      rendition,
      msn,
      generation,
    );
    return row ? toSegment(row) : null;
  }
}

type GenerationRow = { generation: number; first_msn: number; discontinuity: number; renditions: string };

type SegmentRow = {
  rendition: string;
  msn: number;
  generation: number;
  duration_seconds: number;
  program_date_time_ms: number;
  byte_length: number;
  parts: string;
  offers_parts: number;
  is_gap: number;
  discontinuity: number;
  starts_discontinuity: number;
};

const toGeneration = (row: GenerationRow): Generation => ({
  generation: row.generation,
  firstMsn: row.first_msn,
  discontinuity: row.discontinuity,
  renditions: JSON.parse(row.renditions),
});

const toSegment = (row: SegmentRow): Segment => ({
  rendition: row.rendition as RenditionName,
  generation: row.generation,
  msn: row.msn,
  durationSeconds: row.duration_seconds,
  programDateTimeMs: row.program_date_time_ms,
  byteLength: row.byte_length,
  parts: JSON.parse(row.parts),
  offersParts: row.offers_parts === 1,
  isGap: row.is_gap === 1,
  discontinuity: row.discontinuity,
  startsDiscontinuity: row.starts_discontinuity === 1,
});

import type { Database } from 'better-sqlite3';
import type { EventRow } from './events.ts';

export interface TrailFilter {
  imageId: number | null;
  actor: string | null;
  /** A JSON list. */
  kinds: string | null;
  /** UTC, ISO 8601, both included. */
  from: string | null;
  to: string | null;
  /** Words that the body holds, whatever their case. */
  text: string | null;
  /** Only events with smaller numbers. */
  before: number;
  limit: number;
}

/** Events to look through, newest first. */
export function trailQueries(db: Database) {
  const COLUMNS = `e.seq, e.at, e.zone_offset_minutes AS zoneOffsetMinutes, e.actor, e.app, e.kind, e.body,
    e.previous_hash AS previousHash, e.hash`;
  const MATCHES = `e.seq < @before AND (@actor IS NULL OR e.actor = @actor)
    AND (@kinds IS NULL OR e.kind IN (SELECT value FROM json_each(@kinds)))
    AND (@from IS NULL OR e.at >= @from) AND (@to IS NULL OR e.at <= @to)
    AND (@text IS NULL OR instr(lower(e.body), lower(@text)) > 0)`;
  const page = db.prepare<TrailFilter, EventRow>(
    `SELECT ${COLUMNS} FROM event e WHERE ${MATCHES} ORDER BY e.seq DESC LIMIT @limit`,
  );
  // The whole life of one image, by the rows that its events left. A tag taken off leaves none, and an
  // answer that was not taken neither, so these are read in the events.
  const ofImage = db.prepare<TrailFilter, EventRow>(
    `SELECT ${COLUMNS} FROM event e WHERE e.seq IN (
       SELECT f.added_seq FROM file f WHERE f.image_id = @imageId
       UNION SELECT d.seq FROM decision d WHERE d.image_id = @imageId
       UNION SELECT c.seq FROM copy_answer c WHERE @imageId IN (c.image_id, c.other_image_id)
       UNION SELECT q.seq FROM queue_item i JOIN queue q ON q.id = i.queue_id WHERE i.image_id = @imageId
       UNION SELECT t.seq FROM event t JOIN image i ON i.id = @imageId
         WHERE t.kind IN ('images.tagged', 'images.untagged', 'handout.made', 'answers.collected') AND instr(t.body, i.sha256) > 0
       UNION SELECT s.seq FROM signature s JOIN image i ON i.sha256 = s.record
         WHERE s.kind = 'decision' AND i.id = @imageId
     ) AND ${MATCHES} ORDER BY e.seq DESC LIMIT @limit`,
  );
  const kinds = db.prepare<[], { kind: string; events: number }>(
    'SELECT kind, count(*) AS events FROM event GROUP BY kind ORDER BY events DESC, kind',
  );
  const actors = db.prepare<[], { actor: string; events: number }>(
    'SELECT actor, count(*) AS events FROM event GROUP BY actor ORDER BY events DESC, actor',
  );
  return {
    page: (filter: TrailFilter): EventRow[] => (filter.imageId === null ? page : ofImage).all(filter),
    kinds: () => kinds.all(),
    actors: () => actors.all(),
  };
}

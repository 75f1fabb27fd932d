import type { Database } from 'better-sqlite3';
import type { PairCertainty, Role, Rule } from '../../rpc/contract/terms.ts';
import { PAIRS, STANDS } from './copies.ts';
import { FIELD_TABLES, fieldValue } from './fields.ts';

type Verdict = 'accept' | 'relabel' | 'reject';

/** One image in a list. */
export interface CellRow {
  id: number;
  sha256: string;
  path: string;
  batch: string;
  role: Role;
  width: number;
  height: number;
  givenLabel: string | null;
  value: number | null;
  verdict: Verdict | null;
  decidedLabel: string | null;
  stratum: string | null;
}

/** Half-open range of image numbers: after, up to and including. */
type Range = [after: number, upTo: number];

/** Packs two small numbers into one: reading single numbers is several times faster than reading rows. */
export const PACK = 2 ** 32;

const CELL = `i.id, i.sha256, f.path, b.name AS batch, b.role, i.width, i.height, l.name AS givenLabel`;
const FROM_IDS = `FROM json_each(?) j JOIN image i ON i.id = j.value JOIN file f ON f.id = i.home_file_id
  JOIN batch b ON b.id = f.batch_id LEFT JOIN label l ON l.id = f.label_id`;
const PROMPT = fieldValue('prompt');
// Gold answers are about the reviewer, never about the image.
const STANDING = `d.verdict IN ('accept', 'relabel', 'reject') AND d.purpose <> 'gold'
  AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id)`;

/** Condition on a flag `g`: the images show the same, by the rule or by a person. */
const SHOWS = `coalesce((SELECT a.answer FROM copy_answer a WHERE a.image_id = g.image_id
    AND a.other_image_id = g.other_image_id), iif(g.rule = 'possible-copy', '', 'copy')) = 'copy'`;

/**
 * Whole columns for the explorer, in ranges of image numbers so that no read takes long, and lists of images by number.
 * Images are numbered from 1 without gaps, because they are never deleted.
 */
export function exploreQueries(db: Database) {
  const images = db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM image').pluck();
  const lastFile = db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM file').pluck();
  const lastDecision = db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM decision').pluck();
  const kinds = db.prepare<[number], string>('SELECT DISTINCT kind FROM event WHERE seq > ?').pluck();
  const HOMES = `FROM file INDEXED BY file_by_image WHERE image_id > ? AND image_id <= ?
    AND id NOT IN (SELECT file_id FROM file_copy) ORDER BY image_id`;
  const homes = db
    .prepare<Range, number>(`SELECT batch_id * ${PACK} + coalesce(label_id, 0) ${HOMES}`)
    .pluck();
  const homesOfFiles = db
    .prepare<[number], [number, number, number | null]>(
      `SELECT i.id, h.batch_id, h.label_id FROM file f JOIN image i ON i.id = f.image_id
         JOIN file h ON h.id = i.home_file_id WHERE f.id >= ?`,
    )
    .raw();
  const PREDICTED = 'FROM prediction WHERE run_id = ? AND image_id > ? AND image_id <= ? ORDER BY image_id';
  const predicted = db.prepare<[number, ...Range], number>(`SELECT label_id ${PREDICTED}`).pluck();
  const predictedIds = db.prepare<[number, ...Range], number>(`SELECT image_id ${PREDICTED}`).pluck();
  const flags = db
    .prepare<[number], [number, Rule, PairCertainty]>(
      `SELECT image_id, rule, certainty FROM ${PAIRS} WHERE run_id = ? AND ${STANDS}`,
    )
    .raw();
  const strata = db
    .prepare<[number], [number, string]>('SELECT image_id, stratum FROM queue_item WHERE queue_id = ?')
    .raw();
  const verdicts = db
    .prepare<Range, [number, Verdict]>(
      'SELECT image_id, verdict FROM verdict WHERE image_id > ? AND image_id <= ?',
    )
    .raw();
  const deciders = db
    .prepare<Range, [number, string]>(
      `SELECT d.image_id, d.reviewer FROM decision d WHERE d.id > ? AND d.id <= ? AND ${STANDING}`,
    )
    .raw();
  const touched = db
    .prepare<[number], number>('SELECT DISTINCT image_id FROM decision NOT INDEXED WHERE id > ?')
    .pluck();
  const decidersOf = db
    .prepare<[number], string>(
      `SELECT DISTINCT d.reviewer FROM decision d WHERE d.image_id = ? AND ${STANDING}`,
    )
    .pluck();
  const SCORE = `FROM score WHERE run_id = ? AND score_id = ? AND image_id > ? AND image_id <= ? ORDER BY image_id`;
  const score = db.prepare<[number, number, ...Range], number>(`SELECT value ${SCORE}`).pluck();
  const scoreIds = db.prepare<[number, number, ...Range], number>(`SELECT image_id ${SCORE}`).pluck();
  const scored = db
    .prepare<[number, number], number>('SELECT 1 FROM score WHERE run_id = ? AND score_id = ? LIMIT 1')
    .pluck();
  const byHash = db
    .prepare<[string, number], number>(
      'SELECT id FROM image WHERE sha256 > ? AND id <= ? ORDER BY sha256 LIMIT 20000',
    )
    .pluck();
  const batches = db.prepare<[], { id: number; name: string; role: Role }>(
    'SELECT id, name, role FROM batch ORDER BY id',
  );
  const prompts = db
    .prepare<Range, [number, string]>(
      `SELECT i.id, ${PROMPT} FROM image i ${FIELD_TABLES}
       WHERE i.id > ? AND i.id <= ? AND ${PROMPT} IS NOT NULL`,
    )
    .raw();
  const group = db
    .prepare<[number, number, number], number>(
      `WITH RECURSIVE found (id) AS (
         VALUES (?)
         UNION SELECT g.other_image_id FROM found CROSS JOIN flag g ON g.run_id = ? AND g.image_id = found.id AND ${SHOWS}
         UNION SELECT g.image_id FROM found CROSS JOIN flag g INDEXED BY flag_by_other
           ON g.run_id = ? AND g.other_image_id = found.id AND ${SHOWS})
       SELECT id FROM found`,
    )
    .pluck();
  const cells = db.prepare<[number, number, number, string], CellRow>(
    `SELECT ${CELL}, v.verdict, vl.name AS decidedLabel,
       (SELECT q.stratum FROM queue_item q WHERE q.queue_id = ? AND q.image_id = i.id) AS stratum,
       (SELECT s.value FROM score s WHERE s.run_id = ? AND s.score_id = ? AND s.image_id = i.id) AS value
     ${FROM_IDS} LEFT JOIN verdict v ON v.image_id = i.id LEFT JOIN label vl ON vl.id = v.label_id ORDER BY j.key`,
  );
  const flagsOf = db
    .prepare<[string, number], [number, Rule]>(
      `SELECT g.image_id, g.rule FROM json_each(?) j CROSS JOIN ${PAIRS} g
       WHERE g.run_id = ? AND g.image_id = j.value AND g.${STANDS}`,
    )
    .raw();
  const tagsOf = db
    .prepare<[string], [number, string]>(
      `SELECT a.image_id, t.name FROM json_each(?) j CROSS JOIN image_tag a ON a.image_id = j.value
         JOIN tag t ON t.id = a.tag_id ORDER BY t.name`,
    )
    .raw();
  return {
    /** Number of images, which is also the highest image number. */
    images: (): number => images.get() ?? 0,
    lastFile: (): number => lastFile.get() ?? 0,
    lastDecision: (): number => lastDecision.get() ?? 0,
    /** Kinds of the events after one. */
    kindsSince: (seq: number): string[] => kinds.all(seq),
    /** Batch and given label (0 for none) of every image of a range, from its home file: `batch * PACK + label`. */
    homes: (...range: Range) => homes.all(...range),
    /** Image, batch and given label of all files from one on, which an import may have moved. */
    homesOfFiles: (from: number) => homesOfFiles.all(from),
    /** Predicted labels and their images; a range has none, some, or all. */
    predicted: (run: number, ...range: Range) => predicted.all(run, ...range),
    predictedIds: (run: number, ...range: Range) => predictedIds.all(run, ...range),
    flags: (run: number) => flags.all(run),
    strata: (queue: number) => strata.all(queue),
    verdicts: (...range: Range) => verdicts.all(...range),
    /** Image and reviewer of every standing entry but gold, by a range of decisions. */
    deciders: (...range: Range) => deciders.all(...range),
    /** Images that decisions after one are about. */
    touchedSince: (decision: number): number[] => touched.all(decision),
    decidersOf: (imageId: number): string[] => decidersOf.all(imageId),
    /** A score's values and their images. */
    score: (run: number, scoreId: number, ...range: Range) => score.all(run, scoreId, ...range),
    scoreIds: (run: number, scoreId: number, ...range: Range) => scoreIds.all(run, scoreId, ...range),
    /** Whether a run has any value of a score. */
    hasScore: (run: number, scoreId: number): boolean => scored.get(run, scoreId) === 1,
    /** The next image numbers, none above `upTo`, in the order of their hashes; at most 20,000. */
    byHash: (after: string, upTo: number): number[] => byHash.all(after, upTo),
    /** Batches without their counts. */
    batches: () => batches.all(),
    /** Images with a prompt. */
    prompts: (...range: Range) => prompts.all(...range),
    /** The images that a run's findings connect with a given one, including itself. */
    group: (run: number, imageId: number): number[] => group.all(imageId, run, run),
    /** Images by number, in the given order; `value` is of the run's score. */
    cells: (imageIds: number[], at: { queue: number; run: number; score: number }): CellRow[] =>
      cells.all(at.queue, at.run, at.score, JSON.stringify(imageIds)),
    /** Images with each of their tags, by name. */
    tagsOf: (imageIds: number[]) => tagsOf.all(JSON.stringify(imageIds)),
    flagsOf: (imageIds: number[], run: number) => flagsOf.all(JSON.stringify(imageIds), run),
  };
}

import type { Database } from 'better-sqlite3';
import type { End, Purpose, Verdict } from '../../rpc/contract/terms.ts';
import type { BoxRow } from './images.ts';

export interface NewDecision {
  imageId: number;
  queueId: number | null;
  verdict: Verdict;
  labelId: number | null;
  reason: string | null;
  comment: string | null;
  undoes: number | null;
  reviewer: string;
  at: string;
  seq: number;
  purpose: Purpose;
  durationMs: number | null;
  flagged: 0 | 1;
  spread: 0 | 1;
  boxed: 0 | 1;
  shownLabelId: number | null;
  knownLabelId: number | null;
  /** How many items were on the screen at once; null for one alone. */
  grid: number | null;
}

/** An entry that nobody took back. */
export interface StandingRow extends Omit<NewDecision, 'undoes' | 'verdict'> {
  id: number;
  verdict: Exclude<Verdict, 'undo'>;
}

/** An entry that may settle an image: not a skip, not a gold answer. */
export interface JudgementRow {
  id: number;
  queueId: number | null;
  /** Number of answers that its item needs; 1 outside a queue. */
  reviewers: number;
  /** What its queue comes to; `label` outside a queue. */
  endsIn: End;
  reviewer: string;
  purpose: 'review' | 'adjudication';
  verdict: 'accept' | 'relabel' | 'reject';
  labelId: number | null;
  boxed: 0 | 1;
}

/** A judgement as a release states it. */
export interface NamedJudgementRow {
  id: number;
  reviewer: string;
  verdict: 'accept' | 'relabel' | 'reject';
  label: string | null;
  reason: string | null;
  at: string;
  purpose: 'review' | 'adjudication';
  queueId: number | null;
  /** Number of answers that its item needs; 1 outside a queue. */
  reviewers: number;
  /** What its queue comes to; `label` outside a queue. */
  endsIn: End;
  /** Whether the given label was hidden from the reviewer. */
  blind: 0 | 1;
  /** Whether it was made on a near-duplicate that was shown instead. */
  spread: 0 | 1;
  /** How many items were on the screen at once; null for one alone. */
  grid: number | null;
  comment: string | null;
  /** sha256 of the guideline in force; null before the first. */
  guideline: string | null;
}

/** The verdict that holds for an image. */
export interface VerdictRow {
  decisionId: number;
  verdict: 'accept' | 'relabel' | 'reject';
  label: string | null;
  reason: string | null;
  reviewer: string;
  at: string;
  /** Whether the decision's boxes replace the given ones. */
  boxed: 0 | 1;
}

/** The verdict that holds for an image, with its given label. */
export interface LabelVerdict {
  imageId: number;
  verdict: 'accept' | 'relabel' | 'reject';
  reason: string | null;
  labelId: number | null;
  givenLabelId: number | null;
  queueId: number | null;
  /** Stratum of the decided item; null outside a queue, and for a member of a group. */
  inclusionProbability: number | null;
}

interface AdjudicationRow {
  sha256: string;
  reviewer: string;
  verdict: string;
  label: string | null;
  comment: string | null;
  at: string;
}

/** Standing decisions of one kind. */
export interface DecidedGroup {
  verdict: 'accept' | 'relabel' | 'reject' | 'withdrawn';
  from: string | null;
  to: string | null;
  images: number;
  reviewers: string[];
  examples: string[];
}

export interface NewRelease {
  format: string;
  folder: string;
  images: number;
  manifestSha256: string;
  options: string;
  /** JSON of how a training mix is mixed; null of any other release. */
  mix: string | null;
  seq: number;
}

const ROW = `d.id, d.image_id AS imageId, d.queue_id AS queueId, d.verdict, d.label_id AS labelId, d.reason, d.comment, d.reviewer,
  d.at, d.seq, d.purpose, d.duration_ms AS durationMs, d.flagged, d.spread, d.boxed,
  d.shown_label_id AS shownLabelId, d.known_label_id AS knownLabelId, d.grid`;
/** Answers that the item of a decision needs. */
const WANTED = `coalesce((SELECT n.answers FROM queue_item n WHERE n.queue_id = d.queue_id AND n.image_id = d.image_id),
  q.reviewers, 1)`;
const STANDING = `d.verdict <> 'undo' AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id)`;

export function decisionQueries(db: Database) {
  const insert = db.prepare<NewDecision>(
    `INSERT INTO decision (image_id, queue_id, verdict, label_id, reason, comment, undoes, reviewer, at, seq, purpose,
       duration_ms, flagged, spread, boxed, shown_label_id, known_label_id, grid)
     VALUES (@imageId, @queueId, @verdict, @labelId, @reason, @comment, @undoes, @reviewer, @at, @seq, @purpose,
       @durationMs, @flagged, @spread, @boxed, @shownLabelId, @knownLabelId, @grid)`,
  );
  const insertBox = db.prepare<
    [number, number, number, string, number, number, number, number, string | null]
  >(
    `INSERT INTO decision_box (decision_id, position, label_id, format, v0, v1, v2, v3, detail)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const boxes = db.prepare<[number], BoxRow>(
    `SELECT l.name AS label, format, v0, v1, v2, v3, detail FROM decision_box JOIN label l ON l.id = label_id
     WHERE decision_id = ? ORDER BY position`,
  );
  const isAbout = db
    .prepare<[number, number], 1>('SELECT 1 FROM decision WHERE id = ? AND image_id = ?')
    .pluck();
  const verdict = db.prepare<[number], VerdictRow>(
    `SELECT v.decision_id AS decisionId, v.verdict, l.name AS label, v.reason, v.reviewer, v.at, v.boxed
     FROM verdict v LEFT JOIN label l ON l.id = v.label_id WHERE v.image_id = ?`,
  );
  const decided = db.prepare<[], number>('SELECT image_id FROM verdict').pluck();
  const decidedBefore = db
    .prepare<[number], number>(
      'SELECT v.image_id FROM verdict v JOIN decision d ON d.id = v.decision_id WHERE d.seq < ?',
    )
    .pluck();
  const labelVerdicts = db.prepare<[], LabelVerdict>(
    `SELECT v.image_id AS imageId, v.verdict, v.reason, v.label_id AS labelId, f.label_id AS givenLabelId,
       v.queue_id AS queueId,
       (SELECT q.inclusion_probability FROM queue_item q
        WHERE q.queue_id = v.queue_id AND q.image_id = v.image_id) AS inclusionProbability
     FROM verdict v JOIN image i ON i.id = v.image_id JOIN file f ON f.id = i.home_file_id ORDER BY v.image_id`,
  );
  const judgements = db.prepare<[number], JudgementRow>(
    `SELECT d.id, d.queue_id AS queueId, ${WANTED} AS reviewers, coalesce(q.ends_in, 'label') AS endsIn, d.reviewer, d.purpose, d.verdict,
       d.label_id AS labelId, d.boxed
     FROM decision d LEFT JOIN queue q ON q.id = d.queue_id
     WHERE d.image_id = ? AND d.purpose <> 'gold' AND d.verdict <> 'skip' AND ${STANDING} ORDER BY d.id`,
  );
  const judged = db
    .prepare<[number], number>('SELECT DISTINCT image_id FROM decision WHERE seq <= ?')
    .pluck();
  const namedJudgements = db.prepare<{ imageId: number; seq: number }, NamedJudgementRow>(
    `SELECT d.id, d.reviewer, d.verdict, l.name AS label, d.reason, d.at, d.purpose, d.queue_id AS queueId,
       ${WANTED} AS reviewers, coalesce(q.ends_in, 'label') AS endsIn, CASE d.purpose WHEN 'review' THEN coalesce(q.blind, 0) ELSE 0 END AS blind,
       d.spread, d.grid, d.comment,
       (SELECT g.sha256 FROM guideline g WHERE g.seq < d.seq ORDER BY g.seq DESC LIMIT 1) AS guideline
     FROM decision d LEFT JOIN queue q ON q.id = d.queue_id LEFT JOIN label l ON l.id = d.label_id
     WHERE d.image_id = @imageId AND d.seq <= @seq AND d.purpose <> 'gold' AND d.verdict NOT IN ('skip', 'undo')
       AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id AND u.seq <= @seq)
     ORDER BY d.id`,
  );
  const answeredBySeveral = db
    .prepare<[], number>(
      `SELECT image_id FROM decision
       WHERE purpose = 'review' AND spread = 0 AND verdict IN ('accept', 'relabel', 'reject')
       GROUP BY image_id HAVING count(DISTINCT reviewer) > 1 ORDER BY image_id`,
    )
    .pluck();
  const endedInDistribution = db
    .prepare<[], number>(
      `SELECT v.image_id FROM verdict v JOIN decision d ON d.id = v.decision_id JOIN queue q ON q.id = v.queue_id
       WHERE q.ends_in = 'distribution' AND d.purpose = 'review' ORDER BY v.image_id`,
    )
    .pluck();
  const settle = db.prepare<[number]>(
    `INSERT INTO verdict (image_id, decision_id, verdict, label_id, reason, reviewer, at, queue_id, boxed)
     SELECT image_id, id, verdict, label_id, reason, reviewer, at, queue_id, boxed FROM decision WHERE id = ?
     ON CONFLICT (image_id) DO UPDATE SET decision_id = excluded.decision_id, verdict = excluded.verdict,
       label_id = excluded.label_id, reason = excluded.reason, reviewer = excluded.reviewer, at = excluded.at,
       queue_id = excluded.queue_id, boxed = excluded.boxed`,
  );
  const unsettle = db.prepare<[number]>('DELETE FROM verdict WHERE image_id = ?');
  const undoable = db.prepare<[number, string], StandingRow>(
    `SELECT ${ROW} FROM decision d WHERE d.image_id = ? AND (d.purpose <> 'gold' OR d.reviewer = ?) AND ${STANDING}
     ORDER BY d.id`,
  );
  const byId = db.prepare<[number], { seq: number; queueId: number | null }>(
    'SELECT seq, queue_id AS queueId FROM decision WHERE id = ?',
  );
  const seqOf = db.prepare<[number], number>('SELECT seq FROM decision WHERE id = ?').pluck();
  const insertAct = db.prepare<[number, string, number]>(
    'INSERT INTO act (seq, reviewer, standing) VALUES (?, ?, ?)',
  );
  const takeFromAct = db.prepare<[number, number]>('UPDATE act SET standing = standing - ? WHERE seq = ?');
  const lastAct = db
    .prepare<[string], number | null>('SELECT max(seq) FROM act WHERE reviewer = ? AND standing > 0')
    .pluck();
  const standingCount = db.prepare<[number], number>('SELECT standing FROM act WHERE seq = ?').pluck();
  const standingOf = db.prepare<[number], StandingRow>(
    `SELECT ${ROW} FROM decision d WHERE d.seq = ? AND ${STANDING} ORDER BY d.id`,
  );
  const acts = db
    .prepare<[string], number>('SELECT count(*) FROM act WHERE reviewer = ? AND standing > 0')
    .pluck();
  const answersEver = db.prepare<[number, string], StandingRow & { undone: 0 | 1 }>(
    `SELECT ${ROW}, EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id) AS undone FROM decision d
     WHERE d.queue_id = ? AND d.reviewer = ? AND d.verdict IN ('accept', 'relabel', 'reject')
       AND d.purpose <> 'adjudication' AND d.spread = 0 ORDER BY d.id`,
  );
  const goldReviewers = db
    .prepare<[number], string>(
      `SELECT DISTINCT reviewer FROM decision WHERE queue_id = ? AND purpose = 'gold' ORDER BY reviewer`,
    )
    .pluck();
  const standingIn = db.prepare<[number], StandingRow>(
    `SELECT ${ROW} FROM decision d WHERE d.queue_id = ? AND ${STANDING} ORDER BY d.id`,
  );
  const since = db.prepare<[number, number], StandingRow & { undoes: number | null; verdict: Verdict }>(
    `SELECT ${ROW}, d.undoes FROM decision d
     WHERE d.id > ? AND (d.queue_id = ? OR d.undoes IS NOT NULL) ORDER BY d.id`,
  );
  // By event: few are newer than the newest ranking, while a queue may hold very many.
  const answersSince = db
    .prepare<[number, number], number>(
      `SELECT count(*) FROM decision d WHERE d.seq > ? AND +d.queue_id = ? AND d.purpose <> 'gold'
         AND d.verdict <> 'skip' AND d.spread = 0 AND ${STANDING}`,
    )
    .pluck();
  const counts = db.prepare<[], { verdict: string; images: number }>(
    'SELECT verdict, count(*) AS images FROM verdict GROUP BY verdict',
  );
  const total = db.prepare<[], number>('SELECT count(*) FROM decision').pluck();
  const lastId = db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM decision').pluck();
  const insertResume = db.prepare<[number, string, string, string, number]>(
    'INSERT INTO reviewer_resume (queue_id, reviewer, by, at, seq) VALUES (?, ?, ?, ?, ?)',
  );
  const resumed = db
    .prepare<[number, string], number>(
      'SELECT coalesce(max(seq), 0) FROM reviewer_resume WHERE queue_id = ? AND reviewer = ?',
    )
    .pluck();
  const adjudications = db.prepare<[], AdjudicationRow>(
    `SELECT i.sha256, d.reviewer, d.verdict, l.name AS label, d.comment, d.at FROM decision d
     JOIN image i ON i.id = d.image_id LEFT JOIN label l ON l.id = d.label_id
     WHERE d.purpose = 'adjudication' AND ${STANDING} ORDER BY d.id`,
  );
  const decidersSince = db
    .prepare<[number], string>(
      `SELECT DISTINCT d.reviewer FROM verdict v JOIN decision d ON d.id = v.decision_id WHERE d.seq > ? ORDER BY 1`,
    )
    .pluck();
  const groupsSince = db.prepare<
    [number],
    Omit<DecidedGroup, 'reviewers' | 'examples'> & { reviewers: string }
  >(
    `SELECT v.verdict, g.name AS "from", l.name AS "to", count(*) AS images,
       json_group_array(DISTINCT d.reviewer) AS reviewers
     FROM verdict v JOIN decision d ON d.id = v.decision_id JOIN image i ON i.id = v.image_id
       JOIN file f ON f.id = i.home_file_id LEFT JOIN label g ON g.id = f.label_id LEFT JOIN label l ON l.id = v.label_id
     WHERE d.seq > ? GROUP BY v.verdict, g.name, l.name ORDER BY v.verdict = 'accept', images DESC, g.name, l.name`,
  );
  const examplesSince = db
    .prepare<[number, string, string | null, string | null, number], string>(
      `SELECT i.sha256 FROM verdict v JOIN decision d ON d.id = v.decision_id JOIN image i ON i.id = v.image_id
         JOIN file f ON f.id = i.home_file_id LEFT JOIN label g ON g.id = f.label_id LEFT JOIN label l ON l.id = v.label_id
       WHERE d.seq > ? AND v.verdict = ? AND g.name IS ? AND l.name IS ? ORDER BY d.id LIMIT ?`,
    )
    .pluck();
  const withdrawnSince = db
    .prepare<[number], string>(
      `SELECT DISTINCT i.sha256 FROM decision d JOIN image i ON i.id = d.image_id
       WHERE d.seq > ? AND d.verdict = 'undo' AND NOT EXISTS (SELECT 1 FROM verdict v WHERE v.image_id = d.image_id)`,
    )
    .pluck();
  const insertRelease = db.prepare<NewRelease>(
    `INSERT INTO release (format, folder, images, manifest_sha256, options, mix, seq)
     VALUES (@format, @folder, @images, @manifestSha256, @options, @mix, @seq)`,
  );
  const removeRelease = db.prepare<[string, string]>(
    'DELETE FROM release WHERE id = (SELECT max(id) FROM release WHERE manifest_sha256 = ? AND folder = ?)',
  );
  const releases = db.prepare<[], NewRelease & { id: number }>(
    'SELECT id, format, folder, images, manifest_sha256 AS manifestSha256, options, mix, seq FROM release ORDER BY id',
  );
  return {
    insert: (row: NewDecision): number => Number(insert.run(row).lastInsertRowid),
    insertBox: (
      decisionId: number,
      position: number,
      labelId: number,
      format: string,
      v: [number, number, number, number],
      detail: string | null,
    ): void => void insertBox.run(decisionId, position, labelId, format, ...v, detail),
    /** The boxes that a decision gives the image. */
    boxes: (decisionId: number) => boxes.all(decisionId),
    isAbout: (decisionId: number, imageId: number): boolean => isAbout.get(decisionId, imageId) !== undefined,
    /** The verdict that holds for an image, or undefined. */
    verdict: (imageId: number) => verdict.get(imageId),
    /** Images with a verdict that holds. */
    decided: (): number[] => decided.all(),
    /** Images whose verdict was given before an event. */
    decidedBefore: (seq: number): number[] => decidedBefore.all(seq),
    /** Every verdict that holds, with its image's given label. */
    labelVerdicts: () => labelVerdicts.all(),
    /** Standing entries that may settle an image, oldest first. */
    judgements: (imageId: number) => judgements.all(imageId),
    /** Images about which there is any entry up to an event. */
    judged: (seq: number): number[] => judged.all(seq),
    /** The judgements of an image that stood after an event, oldest first: no skips, no gold answers. */
    namedJudgements: (imageId: number, seq: number) => namedJudgements.all({ imageId, seq }),
    /** Images that two people or more looked at and answered, some of whom may have taken it back. */
    answeredBySeveral: (): number[] => answeredBySeveral.all(),
    /** Images whose decision that holds is of a queue that ends in distributions. */
    endedInDistribution: (): number[] => endedInDistribution.all(),
    /** Sets the decision that holds for an image; null for none. */
    settle: (imageId: number, decisionId: number | null): void =>
      void (decisionId === null ? unsettle.run(imageId) : settle.run(decisionId)),
    /** Standing entries about an image, oldest first; of gold answers only the reviewer's own. */
    undoable: (imageId: number, reviewer: string) => undoable.all(imageId, reviewer),
    /** The event and the queue of an entry, which must be there. */
    byId: (id: number) => byId.get(id)!,
    /** The event that an entry belongs to. */
    seqOf: (id: number): number => seqOf.get(id) ?? 0,
    /** Records an event with this many entries that can be taken back. */
    insertAct: (seq: number, reviewer: string, standing: number): void =>
      void insertAct.run(seq, reviewer, standing),
    /** Records that this many entries of an event were taken back. */
    takeFromAct: (seq: number, count: number): void => void takeFromAct.run(count, seq),
    /** A reviewer's newest event with standing entries, or null. */
    lastAct: (reviewer: string): number | null => lastAct.get(reviewer) ?? null,
    /** Standing entries of one event, in their order. */
    standingOf: (seq: number) => standingOf.all(seq),
    /** Number of standing decisions of an act. */
    standingCount: (seq: number): number => standingCount.get(seq) ?? 0,
    /** Number of a reviewer's acts that can be taken back. */
    acts: (reviewer: string): number => acts.get(reviewer) ?? 0,
    /** Standing entries of a queue, oldest first. */
    standingIn: (queueId: number) => standingIn.all(queueId),
    /** Who ever answered a gold item of a queue. */
    goldReviewers: (queueId: number): string[] => goldReviewers.all(queueId),
    /** Everything that a reviewer answered in a queue, oldest first: what they took back too. */
    answersEver: (queueId: number, reviewer: string) => answersEver.all(queueId, reviewer),
    /** Entries after a given one: those of a queue, and all undos. */
    since: (id: number, queueId: number) => since.all(id, queueId),
    /** Answers in a queue after an event that nobody took back, adjudications among them; gold items and copies left out. */
    answersSince: (seq: number, queueId: number): number => answersSince.get(seq, queueId) ?? 0,
    /** Images by the verdict that holds. */
    counts: (): { accept: number; relabel: number; reject: number } => {
      const found = { accept: 0, relabel: 0, reject: 0 };
      for (const row of counts.all()) found[row.verdict as keyof typeof found] = row.images;
      return found;
    },
    /** Number of all entries, including undone ones. */
    total: (): number => total.get() ?? 0,
    /** Number of the newest entry, 0 before the first. Numbers have no gaps. */
    lastId: (): number => lastId.get() ?? 0,
    insertResume: (queueId: number, reviewer: string, by: string, at: string, seq: number): void =>
      void insertResume.run(queueId, reviewer, by, at, seq),
    /** The event that last let a reviewer continue in a queue; 0 for none. */
    resumedSeq: (queueId: number, reviewer: string): number => resumed.get(queueId, reviewer) ?? 0,
    /** Every judgement that stands, oldest first. */
    adjudications: () => adjudications.all(),
    /** Who made decisions that stand and came after an event. */
    decidersSince: (seq: number): string[] => decidersSince.all(seq),
    /** Standing decisions after an event, in groups of like ones, changes first; then images whose decision was taken back. */
    groupsSince: (seq: number, examples: number): DecidedGroup[] => {
      const groups: DecidedGroup[] = groupsSince.all(seq).map((group) => ({
        ...group,
        reviewers: JSON.parse(group.reviewers) as string[],
        examples: examplesSince.all(seq, group.verdict, group.from, group.to, examples),
      }));
      const withdrawn = withdrawnSince.all(seq);
      if (withdrawn.length === 0) return groups;
      const some = withdrawn.slice(0, examples);
      return [
        ...groups,
        {
          verdict: 'withdrawn',
          from: null,
          to: null,
          images: withdrawn.length,
          reviewers: [],
          examples: some,
        },
      ];
    },
    insertRelease: (row: NewRelease): void => void insertRelease.run(row),
    /** Removes the newest release of a manifest in a folder; false where there is none. */
    removeRelease: (manifestSha256: string, folder: string): boolean =>
      removeRelease.run(manifestSha256, folder).changes > 0,
    releases: () => releases.all(),
  };
}

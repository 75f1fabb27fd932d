import type { Database } from 'better-sqlite3';
import type { Alteration } from '../../rpc/contract/alteration.ts';
import type { PairFilter } from '../../rpc/contract/copies.ts';
import {
  SETTLING_RULES,
  type CopyAnswer,
  type PairCertainty,
  type Role,
  type Rule,
} from '../../rpc/contract/terms.ts';
import { withAlteration, type Stored } from './scores.ts';

/**
 * The pairs that runs found, each with what a person said of it: `rule` is the rule in force, and `settles` says whether
 * the image is left out of queues and releases. An answer overrules the rule. Without one, a rule settles synthetic
 * images alone: a real one stays until a person confirms that it is a copy.
 */
export const PAIRS = `(
  SELECT g.run_id, g.image_id, g.other_image_id, g.similarity, g.alteration, a.answer, b.role,
    CASE WHEN a.answer = 'copy' AND g.rule = 'possible-copy'
      THEN iif(ob.role = 'holdout', 'holdout-leak', 'seed-copy') ELSE g.rule END AS rule,
    coalesce(g.certainty, CASE WHEN g.similarity = 1 THEN 'same-pixels' WHEN g.rule = 'near-duplicate' THEN 'neighbour'
      ELSE 'same-picture' END) AS certainty,
    CASE a.answer WHEN 'copy' THEN 1 WHEN 'not-a-copy' THEN 0
      ELSE b.role = 'synthetic' AND g.rule IN (${SETTLING_RULES.map((rule) => `'${rule}'`).join(', ')}) END AS settles,
    f.id AS file_id, f.path, f.batch_id, b.name AS batch, f.label_id, i.sha256, i.width, i.height,
    o.sha256 AS other_sha256, o.width AS other_width, o.height AS other_height, h.path AS other_path,
    h.label_id AS other_label_id, ob.name AS other_batch, ob.role AS other_role, a.reviewer, a.at, a.comment
  FROM flag g JOIN image i ON i.id = g.image_id JOIN file f ON f.id = i.home_file_id
    JOIN batch b ON b.id = f.batch_id JOIN image o ON o.id = g.other_image_id JOIN file h ON h.id = o.home_file_id
    JOIN batch ob ON ob.id = h.batch_id
    LEFT JOIN copy_answer a ON a.image_id = g.image_id AND a.other_image_id = g.other_image_id)`;

/** Condition on a pair: nobody overruled it. */
export const STANDS = `answer IS NOT 'not-a-copy'`;

/** A pair as the run found it and a person left it. */
export interface PairRow {
  imageId: number;
  otherImageId: number;
  /** In force: what a person confirmed is no longer only possible. */
  rule: Rule;
  certainty: PairCertainty;
  similarity: number;
  alteration: Alteration | null;
  answer: CopyAnswer | null;
  /** Whether the image is left out of queues and releases. */
  settles: boolean;
}

/** A pair with names for people. */
export interface NamedPair extends Omit<PairRow, 'imageId' | 'otherImageId'> {
  sha256: string;
  path: string;
  batch: string;
  role: Role;
  otherSha256: string;
  otherPath: string;
  otherBatch: string;
  otherRole: Role;
}

/** A pair with everything that is shown of it. */
export interface ShownPair extends NamedPair {
  width: number;
  height: number;
  label: string | null;
  otherWidth: number;
  otherHeight: number;
  otherLabel: string | null;
  reviewer: string | null;
  at: string | null;
  comment: string | null;
  verdict: 'accept' | 'relabel' | 'reject' | null;
}

/** An answer about a pair, and what the rule had said of the pair. */
export interface CopyAnswerRow {
  imageId: number;
  otherImageId: number;
  answer: CopyAnswer;
  reviewer: string;
  at: string;
  comment: string | null;
  certainty: PairCertainty;
  similarity: number;
  /** Whether the similarity is of one picture laid over the other, rather than of their signatures. */
  laid: 0 | 1;
  seq: number;
}

type Raw<Row extends { settles: boolean; alteration: Alteration | null }> = Stored<Omit<Row, 'settles'>> & {
  settles: 0 | 1;
};

function pairOf<Row extends { settles: boolean; alteration: Alteration | null }>(row: Raw<Row>): Row {
  return { ...withAlteration(row), settles: row.settles === 1 } as unknown as Row;
}

const PAIR = `image_id AS imageId, other_image_id AS otherImageId, rule, certainty, similarity, alteration, answer,
  settles`;
const NAMED = `sha256, path, batch, role, other_sha256 AS otherSha256, other_path AS otherPath,
  other_batch AS otherBatch, other_role AS otherRole, rule, certainty, similarity, alteration, answer, settles`;

/** Pairs of images of which one may be a copy of the other, and what people say of them. */
export function copyQueries(db: Database) {
  const pairs = db.prepare<[number], Raw<PairRow>>(
    `SELECT ${PAIR} FROM ${PAIRS} WHERE run_id = ? ORDER BY image_id, rule`,
  );
  const ofImage = db.prepare<[number, number], Raw<PairRow>>(
    `SELECT ${PAIR} FROM ${PAIRS} WHERE run_id = ? AND image_id = ? ORDER BY settles DESC, rule`,
  );
  const ofHoldout = db
    .prepare<[number], number>(
      `SELECT DISTINCT image_id FROM ${PAIRS} WHERE run_id = ? AND other_role = 'holdout' AND ${STANDS}`,
    )
    .pluck();
  const named = db.prepare<[number], Raw<NamedPair>>(
    `SELECT ${NAMED} FROM ${PAIRS} WHERE run_id = ? ORDER BY rule, file_id`,
  );
  const counts = db.prepare<
    [number],
    {
      rule: Rule;
      certainty: PairCertainty;
      answer: CopyAnswer | null;
      role: Role;
      otherRole: Role;
      batchId: number;
      settles: 0 | 1;
      images: number;
    }
  >(
    `SELECT rule, certainty, answer, role, other_role AS otherRole, batch_id AS batchId, settles, count(*) AS images
     FROM ${PAIRS} WHERE run_id = ? GROUP BY 1, 2, 3, 4, 5, 6, 7`,
  );
  const put = db.prepare<CopyAnswerRow>(
    `INSERT OR REPLACE INTO copy_answer
       (image_id, other_image_id, answer, reviewer, at, comment, certainty, similarity, laid, seq)
     VALUES (@imageId, @otherImageId, @answer, @reviewer, @at, @comment, @certainty, @similarity, @laid, @seq)`,
  );
  const remove = db.prepare<[number, number]>(
    'DELETE FROM copy_answer WHERE image_id = ? AND other_image_id = ?',
  );
  const ANSWER = `image_id AS imageId, other_image_id AS otherImageId, answer, reviewer, at, comment, certainty,
    similarity, laid, seq`;
  const answers = db.prepare<[], CopyAnswerRow>(
    `SELECT ${ANSWER} FROM copy_answer ORDER BY image_id, other_image_id`,
  );
  const answerOn = db.prepare<[number, number], CopyAnswerRow>(
    `SELECT ${ANSWER} FROM copy_answer WHERE image_id = ? AND other_image_id = ?`,
  );
  const FROM_PAIRS = `FROM ${PAIRS} p LEFT JOIN verdict v ON v.image_id = p.image_id`;
  const FILTER = `WHERE p.run_id = @run
      AND (@certainties IS NULL OR p.certainty IN (SELECT value FROM json_each(@certainties)))
      AND (@rules IS NULL OR p.rule IN (SELECT value FROM json_each(@rules)))
      AND (@of IS NULL OR p.other_role IN (SELECT value FROM json_each(@of)))
      AND (@roles IS NULL OR p.role IN (SELECT value FROM json_each(@roles)))
      AND (@answers IS NULL OR coalesce(p.answer, 'open') IN (SELECT value FROM json_each(@answers)))
      AND (@accepted = 0 OR p.settles AND p.answer IS NULL AND v.verdict <> 'reject')
      AND (@image IS NULL OR p.sha256 >= @image AND p.sha256 < @image || 'g')`;
  interface Filtered {
    run: number;
    certainties: string | null;
    rules: string | null;
    of: string | null;
    roles: string | null;
    answers: string | null;
    accepted: 0 | 1;
    image: string | null;
  }
  const filtered = db.prepare<Filtered, number>(`SELECT count(*) ${FROM_PAIRS} ${FILTER}`).pluck();
  const page = db.prepare<Filtered & { offset: number; limit: number }, Raw<ShownPair>>(
    `SELECT p.sha256, p.path, p.batch, p.role, p.width, p.height, l.name AS label, p.other_sha256 AS otherSha256,
       p.other_path AS otherPath, p.other_batch AS otherBatch, p.other_role AS otherRole, p.other_width AS otherWidth,
       p.other_height AS otherHeight, ol.name AS otherLabel, p.rule, p.certainty, p.similarity, p.alteration, p.answer,
       p.settles, p.reviewer, p.at, p.comment, v.verdict
     ${FROM_PAIRS} LEFT JOIN label l ON l.id = p.label_id LEFT JOIN label ol ON ol.id = p.other_label_id ${FILTER}
     ORDER BY CASE p.certainty WHEN 'same-pixels' THEN 0 WHEN 'same-picture' THEN 1 ELSE 2 END,
       CASE p.other_role WHEN 'holdout' THEN 0 WHEN 'real' THEN 1 ELSE 2 END, p.image_id, p.rule
     LIMIT @limit OFFSET @offset`,
  );
  const accepted = db
    .prepare<[number], number>(
      `SELECT count(DISTINCT p.image_id) FROM ${PAIRS} p JOIN verdict v ON v.image_id = p.image_id
       WHERE p.run_id = ? AND p.settles AND p.answer IS NULL AND v.verdict <> 'reject'`,
    )
    .pluck();
  const version = db
    .prepare<[], string>("SELECT count(*) || ' ' || coalesce(max(seq), 0) FROM copy_answer")
    .pluck();
  return {
    /** Every pair of a run, overruled ones too. */
    pairs: (run: number): PairRow[] => pairs.all(run).map(pairOf<PairRow>),
    /** Images that are or may be copies of a hold-out image, and of which nobody said that they are not. */
    ofHoldout: (run: number): number[] => ofHoldout.all(run),
    /** The pairs in which an image may be the copy, those that leave it out first. */
    ofImage: (run: number, imageId: number): PairRow[] => ofImage.all(run, imageId).map(pairOf<PairRow>),
    /** Every pair of a run with names, overruled ones too. */
    named: (run: number): NamedPair[] => named.all(run).map(pairOf<NamedPair>),
    /** How many pairs of a run there are of each kind, by the batch of the image. */
    counts: (run: number) => counts.all(run),
    /** Pairs of a run that pass a filter, the surest and most serious first, and how many there are. */
    page: (
      run: number,
      { certainties, rules, of, roles, answers: said, accepted: isAccepted, image }: PairFilter,
      offset: number,
      limit: number,
    ): { total: number; rows: ShownPair[] } => {
      const list = (values: readonly string[] | undefined): string | null =>
        values && values.length > 0 ? JSON.stringify(values) : null;
      const wanted: Filtered = {
        run,
        certainties: list(certainties),
        rules: list(rules),
        of: list(of),
        roles: list(roles),
        answers: list(said),
        accepted: isAccepted ? 1 : 0,
        image: image ?? null,
      };
      return {
        total: filtered.get(wanted) ?? 0,
        rows: page.all({ ...wanted, offset, limit }).map(pairOf<ShownPair>),
      };
    },
    put: (row: CopyAnswerRow): void => void put.run(row),
    remove: (imageId: number, otherImageId: number): void => void remove.run(imageId, otherImageId),
    /** Every answer that holds. */
    answers: () => answers.all(),
    answerOn: (imageId: number, otherImageId: number) => answerOn.get(imageId, otherImageId),
    /** Images that people accepted or relabelled, and that a rule leaves out all the same. */
    acceptedButSettled: (run: number): number => accepted.get(run) ?? 0,
    /** Changes with every answer that is given or withdrawn. */
    version: (): string => version.get() ?? '',
  };
}

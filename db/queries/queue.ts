import type { Database } from 'better-sqlite3';
import type { End } from '../../rpc/contract/terms.ts';

export interface QueueRow {
  id: number;
  runId: number;
  policy: string;
  seed: number;
  frame: number;
  rest: number;
  audited: number;
  seq: number;
  /** The event that ranked it last. */
  rankedSeq: number;
  reviewers: number;
  /** What its items come to. */
  endsIn: End;
  blind: 0 | 1;
  goldRate: number;
  goldThreshold: number;
  /** The filter as JSON. */
  filter: string | null;
  /** The newest class of the project when it was filled; 0 without any. */
  lastLabelId: number;
  name: string | null;
  due: string | null;
  /** JSON array of `Assignee`. */
  assignees: string;
  hasInstructions: 0 | 1;
}

type Words = Pick<QueueRow, 'name' | 'due' | 'assignees'> & { instructions: string | null };
type NewQueue = Omit<QueueRow, 'id' | 'rankedSeq' | 'hasInstructions' | keyof Words>;

/** A queued image with what a reviewer needs to find it. */
export interface QueueItemRow {
  /** Original position, which groups and gold refer to. */
  position: number;
  /** Current position. */
  place: number;
  imageId: number;
  sha256: string;
  path: string;
  root: string;
  batch: string;
  givenLabel: string | null;
  stratum: string;
  /** JSON array of `Reason`. */
  reasons: string;
  priority: number;
  inclusionProbability: number;
  verdict: string | null;
}

const QUEUE = `q.id, q.run_id AS runId, q.policy, q.seed, q.frame, q.rest, q.audited, q.seq,
  q.ranked_seq AS rankedSeq, q.reviewers, q.ends_in AS endsIn, q.blind,
  q.gold_rate AS goldRate, q.gold_threshold AS goldThreshold, q.filter, q.last_label_id AS lastLabelId, q.name, q.due, q.assignees,
  q.instructions IS NOT NULL AS hasInstructions`;

export function queueQueries(db: Database) {
  const insert = db.prepare<NewQueue>(
    `INSERT INTO queue (run_id, policy, seed, frame, rest, audited, seq, ranked_seq, reviewers, blind, gold_rate,
       gold_threshold, filter, last_label_id, ends_in)
     VALUES (@runId, @policy, @seed, @frame, @rest, @audited, @seq, @seq, @reviewers, @blind, @goldRate,
       @goldThreshold, @filter, @lastLabelId, @endsIn)`,
  );
  const describe = db.prepare<Words & { id: number }>(
    'UPDATE queue SET name = @name, due = @due, assignees = @assignees, instructions = @instructions WHERE id = @id',
  );
  const instructions = db
    .prepare<[number], string | null>('SELECT instructions FROM queue WHERE id = ?')
    .pluck();
  const insertItem = db.prepare<[number, number, number, string, string, number, number]>(
    `INSERT INTO queue_item (queue_id, position, image_id, stratum, reasons, priority, inclusion_probability)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertMember = db.prepare<[number, number, number]>(
    'INSERT INTO queue_group (queue_id, position, image_id) VALUES (?, ?, ?)',
  );
  const last = db.prepare<[], QueueRow>(`SELECT ${QUEUE} FROM queue q ORDER BY id DESC LIMIT 1`);
  const byId = db.prepare<[number], QueueRow>(`SELECT ${QUEUE} FROM queue q WHERE id = ?`);
  const items = db.prepare<[number], QueueItemRow>(
    `SELECT q.position, coalesce(q.place, q.position) AS place, q.image_id AS imageId, i.sha256, f.path, b.root, b.name AS batch, l.name AS givenLabel,
       q.stratum, q.reasons, q.priority, q.inclusion_probability AS inclusionProbability, v.verdict
     FROM queue_item q JOIN image i ON i.id = q.image_id JOIN file f ON f.id = i.home_file_id
       JOIN batch b ON b.id = f.batch_id LEFT JOIN label l ON l.id = f.label_id
       LEFT JOIN verdict v ON v.image_id = q.image_id
     WHERE q.queue_id = ? ORDER BY place`,
  );
  const members = db.prepare<[number], { position: number; sha256: string; path: string }>(
    `SELECT g.position, i.sha256, f.path FROM queue_group g JOIN image i ON i.id = g.image_id
       JOIN file f ON f.id = i.home_file_id
     WHERE g.queue_id = ? ORDER BY g.position, i.id`,
  );
  const strata = db.prepare<[number], { stratum: string; items: number; decided: number; changed: number }>(
    `SELECT q.stratum, count(*) AS items, count(v.verdict) AS decided,
       count(CASE WHEN v.verdict IN ('relabel', 'reject') THEN 1 END) AS changed
     FROM queue_item q LEFT JOIN verdict v ON v.image_id = q.image_id
     WHERE q.queue_id = ? GROUP BY q.stratum ORDER BY min(q.position)`,
  );
  const chances = db.prepare<[number], { imageId: number; stratum: string; inclusionProbability: number }>(
    `SELECT image_id AS imageId, stratum, inclusion_probability AS inclusionProbability
     FROM queue_item WHERE queue_id = ? ORDER BY position`,
  );
  const askFor = db.prepare<[number, number, number]>(
    'UPDATE queue_item SET answers = ? WHERE queue_id = ? AND image_id = ?',
  );
  const askedFor = db.prepare<[number], { imageId: number; answers: number }>(
    'SELECT image_id AS imageId, answers FROM queue_item WHERE queue_id = ? AND answers IS NOT NULL',
  );
  const ids = db.prepare<[], number>('SELECT id FROM queue ORDER BY id').pluck();
  const withGold = db.prepare<[], number>('SELECT id FROM queue WHERE gold_rate > 0').pluck();
  const hiding = db.prepare<[], number>('SELECT id FROM queue WHERE gold_rate > 0 OR blind = 1').pluck();
  const rankedWithGroups = db
    .prepare<[number, number], number>(
      `SELECT image_id FROM queue_item WHERE queue_id = ? AND stratum <> 'audit'
       UNION SELECT g.image_id FROM queue_group g
         JOIN queue_item q ON q.queue_id = g.queue_id AND q.position = g.position
       WHERE g.queue_id = ? AND q.stratum <> 'audit'`,
    )
    .pluck();
  const insertGold = db.prepare<[number, number, number, number]>(
    'INSERT INTO queue_gold (queue_id, position, image_id, label_id) VALUES (?, ?, ?, ?)',
  );
  const gold = db.prepare<[number], { imageId: number; labelId: number }>(
    'SELECT image_id AS imageId, label_id AS labelId FROM queue_gold WHERE queue_id = ? ORDER BY position',
  );
  const all = db.prepare<[], QueueRow & { at: string; by: string; items: number }>(
    `SELECT ${QUEUE}, e.at, e.actor AS "by",
       (SELECT count(*) FROM queue_item WHERE queue_id = q.id) AS items
     FROM queue q JOIN event e ON e.seq = q.seq ORDER BY q.id DESC`,
  );
  const imageIds = db
    .prepare<[number], number>(
      'SELECT image_id FROM queue_item WHERE queue_id = ? ORDER BY coalesce(place, position)',
    )
    .pluck();
  const movable = db.prepare<
    [number],
    { imageId: number; place: number; stratum: string; priority: number; reasons: string }
  >(
    `SELECT q.image_id AS imageId, coalesce(q.place, q.position) AS place, q.stratum, q.priority, q.reasons
     FROM queue_item q
     WHERE q.queue_id = ? AND q.stratum <> 'audit' AND NOT EXISTS (
       SELECT 1 FROM decision d WHERE d.queue_id = q.queue_id AND d.image_id = q.image_id AND d.verdict <> 'undo'
         AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id))
     ORDER BY place`,
  );
  const move = db.prepare<[number, number, string, number, number]>(
    'UPDATE queue_item SET place = ?, priority = ?, reasons = ? WHERE queue_id = ? AND image_id = ?',
  );
  const markRanked = db.prepare<[number, number]>('UPDATE queue SET ranked_seq = ? WHERE id = ?');
  const itemOf = db.prepare<[number, number], { reasons: string; stratum: string; members: number }>(
    `SELECT q.reasons, q.stratum, (SELECT count(*) FROM queue_group g
       WHERE g.queue_id = q.queue_id AND g.position = q.position) AS members
     FROM queue_item q WHERE q.queue_id = ? AND q.image_id = ?`,
  );
  const membersOf = db
    .prepare<[number, number], string>(
      `SELECT i.sha256 FROM queue_item q JOIN queue_group g ON g.queue_id = q.queue_id AND g.position = q.position
         JOIN image i ON i.id = g.image_id
       WHERE q.queue_id = ? AND q.image_id = ? AND g.image_id <> q.image_id ORDER BY i.id`,
    )
    .pluck();
  const holds = db
    .prepare<[number, number, number, number], number>(
      `SELECT EXISTS (SELECT 1 FROM queue_item WHERE queue_id = ? AND image_id = ?)
         OR EXISTS (SELECT 1 FROM queue_group WHERE image_id = ? AND queue_id = ?)`,
    )
    .pluck();
  return {
    insert: (row: NewQueue): number => Number(insert.run(row).lastInsertRowid),
    /** Sets what people are told of a queue. */
    describe: (id: number, words: Words): void => void describe.run({ id, ...words }),
    /** How a queue is to be answered, in Markdown, or null. */
    instructions: (id: number): string | null => instructions.get(id) ?? null,
    insertItem: (
      queueId: number,
      position: number,
      imageId: number,
      item: { stratum: string; reasons: string; priority: number; inclusionProbability: number },
    ): void =>
      void insertItem.run(
        queueId,
        position,
        imageId,
        item.stratum,
        item.reasons,
        item.priority,
        item.inclusionProbability,
      ),
    insertMember: (queueId: number, position: number, imageId: number): void =>
      void insertMember.run(queueId, position, imageId),
    insertGold: (queueId: number, position: number, imageId: number, labelId: number): void =>
      void insertGold.run(queueId, position, imageId, labelId),
    /** Images with a known label that the queue's gold items are drawn from. */
    gold: (queueId: number) => gold.all(queueId),
    /** Every queue with its maker, the newest first. */
    all: () => all.all(),
    /** Images of a queue's items in their order. */
    imageIds: (queueId: number): number[] => imageIds.all(queueId),
    /** Ranked items without any entry, in their order. */
    movable: (queueId: number) => movable.all(queueId),
    move: (
      queueId: number,
      imageId: number,
      to: { place: number; priority: number; reasons: string },
    ): boolean => move.run(to.place, to.priority, to.reasons, queueId, imageId).changes > 0,
    /** Records that an event ranked a queue. */
    markRanked: (queueId: number, seq: number): void => void markRanked.run(seq, queueId),
    /** Asks for so many answers to an item, whatever its queue asks for; false where it is no item. */
    askFor: (queueId: number, imageId: number, answers: number): boolean =>
      askFor.run(answers, queueId, imageId).changes > 0,
    /** Items that need another number of answers than their queue asks for. */
    askedFor: (queueId: number) => askedFor.all(queueId),
    /** One item of a queue. */
    item: (queueId: number, imageId: number) => itemOf.get(queueId, imageId),
    /** Hashes of the near-duplicates that an item represents. */
    membersOf: (queueId: number, imageId: number): string[] => membersOf.all(queueId, imageId),
    /** Whether an image is in a queue, as an item or in the group of one. */
    holds: (queueId: number, imageId: number): boolean => holds.get(queueId, imageId, imageId, queueId) === 1,
    last: () => last.get(),
    byId: (id: number) => byId.get(id),
    items: (queueId: number): QueueItemRow[] => items.all(queueId),
    members: (queueId: number) => members.all(queueId),
    /** Items by stratum, with the verdicts that hold for them, wherever they were given. */
    strata: (queueId: number) => strata.all(queueId),
    /** Every item with its stratum and inclusion probability. */
    chances: (queueId: number) => chances.all(queueId),
    /** Numbers of all queues. */
    ids: (): number[] => ids.all(),
    /** Queues with gold items. */
    withGold: (): number[] => withGold.all(),
    /** Queues that are blind or have gold items. */
    hiding: (): number[] => hiding.all(),
    /** Images that the queue chose by rank, and their near-duplicates. */
    rankedWithGroups: (queueId: number): number[] => rankedWithGroups.all(queueId, queueId),
  };
}

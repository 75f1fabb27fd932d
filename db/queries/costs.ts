import type { Database } from 'better-sqlite3';
import type { CostInputId, Range } from '../../rpc/contract/costs.ts';
import type { Purpose } from '../../rpc/contract/terms.ts';

interface CostInputRow extends Range {
  input: CostInputId;
  source: string | null;
  seq: number;
}

/** An answer in a queue, made by looking at the image. */
interface CostAnswerRow {
  reviewer: string;
  purpose: Purpose;
  durationMs: number | null;
  grid: number | null;
  at: string;
}

/** What the cost model is fed with. */
export function costQueries(db: Database) {
  const set = db.prepare<[], CostInputRow & { at: string; by: string }>(
    `SELECT c.input, c.low, c.high, c.source, c.seq, e.at, e.actor AS "by"
     FROM cost_input c JOIN event e ON e.seq = c.seq ORDER BY c.input`,
  );
  const put = db.prepare<CostInputRow>(
    'INSERT OR REPLACE INTO cost_input (input, low, high, source, seq) VALUES (@input, @low, @high, @source, @seq)',
  );
  const remove = db.prepare<[CostInputId]>('DELETE FROM cost_input WHERE input = ?');
  const currency = db.prepare<[], string>('SELECT currency FROM cost_currency').pluck();
  const putCurrency = db.prepare<[string, number]>(
    'INSERT OR REPLACE INTO cost_currency (id, currency, seq) VALUES (1, ?, ?)',
  );
  const LOOKED = `queue_id IS NOT NULL AND spread = 0 AND verdict IN ('accept', 'relabel', 'reject')`;
  const answers = db.prepare<[], CostAnswerRow>(
    `SELECT reviewer, purpose, duration_ms AS durationMs, grid, at FROM decision WHERE ${LOOKED}`,
  );
  const answered = db
    .prepare<[], number>(
      `SELECT count(DISTINCT image_id) FROM decision WHERE ${LOOKED} AND purpose <> 'gold'`,
    )
    .pluck();
  const OF_SYNTHETIC = `JOIN image i ON i.id = x.image_id JOIN file f ON f.id = i.home_file_id
    JOIN batch b ON b.id = f.batch_id WHERE b.role = 'synthetic'`;
  const synthetic = db.prepare<[], { images: number; queued: number; decided: number; rejected: number }>(
    `SELECT (SELECT count(*) FROM (SELECT id AS image_id FROM image) x ${OF_SYNTHETIC}) AS images,
       (SELECT count(*) FROM (SELECT image_id FROM queue_item WHERE queue_id = (SELECT max(id) FROM queue)
          UNION SELECT q.image_id FROM queue_item q JOIN verdict w ON w.image_id = q.image_id) x ${OF_SYNTHETIC}) AS queued,
       (SELECT count(*) FROM verdict x ${OF_SYNTHETIC}) AS decided,
       (SELECT count(*) FROM verdict x ${OF_SYNTHETIC} AND x.verdict = 'reject') AS rejected`,
  );
  return {
    /** Inputs that people have set, by name. */
    set: () => set.all(),
    put: (row: CostInputRow): void => void put.run(row),
    remove: (input: CostInputId): void => void remove.run(input),
    /** Undefined until somebody sets one. */
    currency: () => currency.get(),
    putCurrency: (label: string, seq: number): void => void putCurrency.run(label, seq),
    /** Every answer in a queue, those taken back too: their time was spent. */
    answers: () => answers.iterate(),
    /** Images that they are about, without gold items. */
    answered: (): number => answered.get()!,
    /** Synthetic images; those in the newest queue or decided after an earlier one; those decided; those rejected. */
    synthetic: () => synthetic.get()!,
  };
}

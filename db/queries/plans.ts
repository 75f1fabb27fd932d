import type { Database } from 'better-sqlite3';
import type { FieldId } from '../../rpc/contract/fields.ts';
import { FIELD_TABLES, fieldValues } from './fields.ts';

/** Facts of how an image was generated that plans compare. */
export const SETTING_FIELDS = [
  'generator',
  'generatorVersion',
  'modelName',
  'loras',
  'prompt',
  'negativePrompt',
  'seed',
  'sampler',
  'steps',
  'cfg',
] as const satisfies FieldId[];

/** A synthetic image that was decided. */
export type DecidedRow = {
  imageId: number;
  sha256: string;
  path: string;
  /** Given label. */
  labelId: number | null;
  isKept: 0 | 1;
} & Record<(typeof SETTING_FIELDS)[number], string | number | null>;

/** What has changed among real and hold-out images. */
export interface RealChanges {
  /** New images, by role. */
  real: number;
  holdout: number;
  /** Images that were there and that somebody has decided. */
  decided: number;
}

/** What plans of generation read. */
export function planQueries(db: Database) {
  const decided = db.prepare<[], DecidedRow>(
    `SELECT i.id AS imageId, i.sha256, f.path, f.label_id AS labelId, v.verdict = 'accept' AS isKept,
       ${fieldValues(SETTING_FIELDS)}
     FROM verdict v JOIN image i ON i.id = v.image_id ${FIELD_TABLES}
     WHERE b.role = 'synthetic' ORDER BY i.id`,
  );
  const realChanges = db.prepare<{ seq: number }, RealChanges>(
    `SELECT coalesce(sum(b.role = 'real' AND f.added_seq > @seq), 0) AS real,
       coalesce(sum(b.role = 'holdout' AND f.added_seq > @seq), 0) AS holdout,
       coalesce(sum(f.added_seq <= @seq
         AND EXISTS (SELECT 1 FROM decision d WHERE d.image_id = i.id AND d.seq > @seq)), 0) AS decided
     FROM image i JOIN file f ON f.id = i.home_file_id JOIN batch b ON b.id = f.batch_id
     WHERE b.role IN ('real', 'holdout')`,
  );
  return {
    /** Changes since an event. */
    realChanges: (seq: number) => realChanges.get({ seq })!,
    /** Every decided synthetic image. */
    decided: () => decided.all(),
  };
}

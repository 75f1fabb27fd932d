import type { Database } from 'better-sqlite3';
import type { FieldId } from '../../rpc/contract/fields.ts';
import { FIELD_TABLES, fieldValues } from './fields.ts';

/** Facts of how an image was generated that plans compare. */
export const SETTING_FIELDS = [
  'generator',
  'generatorVersion',
  'modelName',
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

/** What plans of generation read. */
export function planQueries(db: Database) {
  const decided = db.prepare<[], DecidedRow>(
    `SELECT i.id AS imageId, i.sha256, f.path, f.label_id AS labelId, v.verdict = 'accept' AS isKept,
       ${fieldValues(SETTING_FIELDS)}
     FROM verdict v JOIN image i ON i.id = v.image_id ${FIELD_TABLES}
     WHERE b.role = 'synthetic' ORDER BY i.id`,
  );
  return {
    /** Every decided synthetic image. */
    decided: () => decided.all(),
  };
}

import { extname } from 'node:path';
import type { Arm } from '../../../rpc/contract/experiments.ts';
import { AssayError } from '../../../rpc/errors.ts';
import { csvRows } from '../../import/sources/csv-rows.ts';
import { jsonlRows } from '../../import/sources/jsonl-rows.ts';
import type { ManifestRow } from '../../import/sources/manifest-row.ts';
import { parquetRows } from '../../import/sources/parquet-rows.ts';
import { Reading } from '../../import/sources/reading.ts';
import { setName, type ExperimentSets } from './export.ts';

/** What predictions are read against. */
export type Wanted = Pick<ExperimentSets, 'arms' | 'holdout'> & {
  data: Pick<ExperimentSets['data'], 'classes'>;
};

type Refuse = (problem: string) => never;

/** Refuses a row by its line. */
export const refusing =
  (file: string, line: number, where = 'line'): Refuse =>
  (problem) => {
    throw new AssayError('INVALID_INPUT', `${file}, ${where} ${line}: ${problem}`, { file, line });
  };

export const NO_IMAGE = 'there is no image. Put its sha256 or its path in a column `image`.';
export const noImage = (image: string): string =>
  `${image} is no hold-out image of these sets. holdout.jsonl lists them.`;

const trainingsOf = (arm: Arm): string[] =>
  Array.from({ length: arm.seeds }, (_, training) => setName(arm, training));

/** Names of all training sets. */
export const setNames = ({ arms }: Pick<Wanted, 'arms'>): Set<string> => new Set(arms.flatMap(trainingsOf));

/** The training set that a row is of. */
export function setIn(values: ManifestRow['values'], names: ReadonlySet<string>, refuse: Refuse): string {
  const set = textIn(values, ['set']) ?? refuse('there is no set. Name the training set in a column `set`.');
  if (!names.has(set))
    refuse(`there is no training set ${set}. Sets are named as their lists: ${[...names][0]}.`);
  return set;
}

/** The first of some columns that has a value. */
export function textIn(values: ManifestRow['values'], names: readonly string[]): string | null {
  for (const name of names) {
    const value = values[name];
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number') return String(value);
  }
  return null;
}

/** The rows of a table of predictions. */
export function predictionRows(file: string): AsyncIterable<ManifestRow> {
  const reading = new Reading('', { strict: true });
  const kind = extname(file).toLowerCase();
  if (kind === '.csv' || kind === '.tsv') return csvRows(file, reading);
  if (kind === '.jsonl' || kind === '.ndjson') return jsonlRows(file, reading);
  if (kind === '.parquet') return parquetRows(file);
  throw new AssayError(
    'INVALID_INPUT',
    `${file} (--predictions) is neither .csv, .jsonl nor .parquet: write the predictions as one of them.`,
    { file },
  );
}

/**
 * The arms that are predicted, with what `whole` makes of each of their sets. Throws where a training of an arm is
 * missing, or the real images alone that an arm is compared with.
 */
export function wholeArms<Read, Answer>(
  file: string,
  sets: Wanted,
  read: ReadonlyMap<string, Read>,
  whole: (set: string, found: Read) => Answer,
): { arms: Arm[]; answers: Answer[][] } {
  const arms = sets.arms.filter((arm) => trainingsOf(arm).some((set) => read.has(set)));
  const answers = arms.map((arm) =>
    trainingsOf(arm).map((set) => {
      const found = read.get(set);
      if (found === undefined)
        throw new AssayError(
          'INVALID_INPUT',
          `${file}: there is no prediction of the training set ${set}, and there are some of its arm: add them, or leave the whole arm out.`,
          { file, set },
        );
      return whole(set, found);
    }),
  );
  refuseUseless(arms);
  return { arms, answers };
}

function refuseUseless(arms: readonly Arm[]): void {
  const alone = new Set(arms.filter(({ source }) => source === null).map(({ size }) => size));
  const arm = arms.find(({ size, source }) => source !== null && !alone.has(size));
  if (arm || arms.length === 0)
    throw new AssayError(
      'INVALID_INPUT',
      arm
        ? `${arm.id} is predicted, and real-${arm.size}, which it is compared with, is not: add its predictions.`
        : 'The file holds no prediction: write a row for each set and hold-out image.',
    );
}

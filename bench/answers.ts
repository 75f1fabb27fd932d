import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parse } from 'csv-parse/sync';
import { STREET_FAULTS } from '../sample/street/faults.ts';
import type { Flagged } from '../rpc/contract/queue.ts';
import { AssayError } from '../rpc/errors.ts';
import type { DataSet } from './data-sets.ts';

/** Faults that only a person can settle: a queue has to bring them up. */
export const QUEUE_KINDS = [
  'wrong-label',
  'garbled',
  'artefact',
  'off-class',
  'blurred',
  'dark',
  ...STREET_FAULTS,
] as const;

/** Faults that a rule settles, each with the rules that count as finding it. */
export const RULE_KINDS: Record<string, Flagged['rule'][]> = {
  'exact-duplicate': ['exact-duplicate'],
  // A near-duplicate that decodes to the very same pixels is rightly called exact.
  'near-duplicate': ['near-duplicate', 'exact-duplicate'],
  'seed-copy': ['seed-copy'],
  'holdout-leak': ['holdout-leak'],
  truncated: ['broken'],
  'not-an-image': ['broken'],
  broken: ['broken'],
};

/** Kind of fault by `<role>/<path below the role's folder>`; every other image is sound. */
export type Answers = ReadonlyMap<string, string>;

/**
 * The faults that were put into a set, from its `answers.csv` (columns path and fault, paths relative to the set).
 * Throws `INVALID_INPUT` on a kind that no measurement knows, and on a path that is not there: it could match nothing
 * and would be counted as missed.
 */
export function readAnswers({ root }: DataSet): Answers {
  const file = join(root, 'answers.csv');
  const rows = parse(readFileSync(file), { columns: true, bom: true }) as Record<
    string,
    string | undefined
  >[];
  const answers = new Map<string, string>();
  for (const { path, fault } of rows) {
    if (path === undefined || fault === undefined)
      throw new AssayError('INVALID_INPUT', `${file} has no columns path and fault.`);
    const key = posix.normalize(path.replaceAll('\\', '/'));
    if (!existsSync(join(root, key)))
      throw new AssayError('INVALID_INPUT', `${file} names ${path}, which is not there.`);
    if (!QUEUE_KINDS.includes(fault as never) && !Object.hasOwn(RULE_KINDS, fault))
      throw new AssayError(
        'INVALID_INPUT',
        `${file} has the kind of fault "${fault}", which no table counts.`,
      );
    answers.set(key, fault);
  }
  return answers;
}

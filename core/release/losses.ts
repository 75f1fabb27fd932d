import { setImmediate as turn } from 'node:timers/promises';
import { PLAIN_FORMATS } from '../../imaging/types.ts';
import { leftLines } from '../../rpc/contract/import-words.ts';
import { isLoss, type LeftKind } from '../../rpc/contract/imports.ts';
import type { Project } from '../project/project.ts';
import type { Export } from './formats/define.ts';
import { PngCounter } from './formats/png-counter.ts';
import { DistributionCounter } from './judgements.ts';
import type { ReleaseSelection, ReleaseSurvey } from './selection.ts';
import { counted } from '../../rpc/format.ts';

/** Sources that find the judgements and the tags of a release. */
const READ_COLUMNS = new Set(['coco', 'jsonl-manifest', 'csv-manifest', 'hf-imagefolder']);
const TURN_ITEMS = 500;

/**
 * What a release in this format does not carry, in sentences: what the format never does, what it changes or leaves out
 * of these very images, with counts, and what the imports of their batches left behind. Stops counting after `mostMs`,
 * and says so.
 */
export async function lossesOf(
  { store }: Project,
  format: Export,
  selection: ReleaseSelection,
  { batches, hasBoxes, origins, tagged }: Pick<ReleaseSurvey, 'batches' | 'hasBoxes' | 'origins' | 'tagged'>,
  signal?: AbortSignal,
  mostMs = Infinity,
): Promise<string[]> {
  const counters = [
    ...(store.images.hasOtherThan(PLAIN_FORMATS) ? [new PngCounter()] : []),
    ...(format.oneLabel ? [new DistributionCounter()] : []),
    ...(format.counter ? [format.counter(hasBoxes)] : []),
  ];
  const startedMs = performance.now();
  let seen = 0;
  let all = true;
  if (counters.length > 0)
    for (const item of selection) {
      for (const counter of counters) counter.add(item);
      if (++seen % TURN_ITEMS > 0) continue;
      await turn();
      signal?.throwIfAborted();
      all = performance.now() - startedMs < mostMs;
      if (!all) break;
    }
  const sentences = counters.flatMap((counter) => counter.result());
  const rows = store.batches.leftBehind([...batches]).map((row) => ({ ...row, kind: row.kind as LeftKind }));
  const left = [
    ...leftLines(rows.filter(isLoss)).map(({ words }) => `${words} (in the import)`),
    ...leftLines(rows.filter((row) => !isLoss(row))).map(
      ({ words }) => `${words}: left behind by the import`,
    ),
  ];
  const kept = [
    ...(origins.accepted + origins.relabelled > 0 ? ['judgements'] : []),
    ...(tagged > 0 ? ['tags'] : []),
  ];
  return [
    ...(READ_COLUMNS.has(format.source ?? '') ? kept : []).map(
      (what) => `the ${what}, where Assay imports the release: they are counted, and stay in this project`,
    ),
    ...(hasBoxes ? format.loses.withBoxes : format.loses.withoutBoxes),
    ...(all
      ? sentences
      : sentences.map((sentence) => `${sentence} (in the first ${counted(seen, 'image')})`)),
    ...left,
  ];
}

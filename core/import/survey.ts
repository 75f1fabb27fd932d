import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Reading as ReadingResult } from '../../rpc/contract/imports.ts';
import { AssayError } from '../../rpc/errors.ts';
import { counted, integer } from '../../rpc/format.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import type { NameTally } from './naming.ts';
import { leaveUnreadPictures } from './sources/dataset-walk.ts';
import type { Source } from './sources/define.ts';
import { ImageNames } from './sources/image-names.ts';
import { Reading, type MapReader } from './sources/reading.ts';

/** What listing a whole dataset found. */
export interface SourceSurvey extends ReadingResult {
  /** Number of images that it lists. */
  total: number;
  /** How many of them are not there. */
  missing: number;
  /** The class names that it declares, as it writes them. */
  declared: string[];
}

const REPORT_EVERY = 1000;
const NAMED = 3;

/**
 * Lists all of a dataset, counts its class names in `names`, and opens no image. Throws what the source throws, and `SOURCE_UNREADABLE` where it lists no
 * image, or not one of the images that it lists is there.
 */
export async function surveySource(
  source: Source,
  from: string,
  root: string,
  options: { strict: boolean; encoding: string | null; names: NameTally; maps: MapReader },
  task: TaskContext,
): Promise<SourceSurvey> {
  const reading = new Reading(root, options);
  let total = 0;
  let missing = 0;
  let firstMissing: string | null = null;
  for await (const entry of source.list(from, reading)) {
    const { path } = entry;
    total++;
    options.names.add(entry);
    if (!(await isListedThere(source, root, path))) {
      missing++;
      firstMissing ??= path;
    }
    if (total % REPORT_EVERY > 0) continue;
    task.signal.throwIfAborted();
    task.progress({ stage: 'reading the list', done: total, total: null, unit: 'images' });
  }
  if (total === 0) throw noImage(source, from, reading);
  if (missing === total) throw await allMissing(from, root, total, firstMissing!);
  if (!source.bareFolders && from === root) await leaveUnreadPictures(root, reading, task.signal);
  const declared = (await source.classes?.(from, options.encoding)) ?? [];
  options.names.declare(declared);
  options.names.tell(reading);
  return { total, missing, declared, ...reading.result() };
}

/** Whether a listed image is there. Sources of bare folders list only what they found. */
export function isListedThere(source: Source, root: string, path: string): Promise<boolean> {
  if (source.bareFolders) return Promise.resolve(true);
  return access(join(root, path)).then(
    () => true,
    () => false,
  );
}

function noImage(source: Source, from: string, reading: Reading): AssayError {
  const { examples, records } = reading.result().skipped;
  const why =
    records > 0
      ? `${counted(records, 'record is', 'records are')} faulty, for instance\n  ${examples.slice(0, NAMED).join('\n  ')}`
      : 'Check that it is the right folder or file.';
  return new AssayError(
    'SOURCE_UNREADABLE',
    `${from} lists no image (read as ${source.title}), so nothing was imported. ${why}`,
    { from },
  );
}

/** The error where not one of `total` listed images is there: names the first, and the images most like it. */
export async function allMissing(
  from: string,
  root: string,
  total: number,
  first: string,
): Promise<AssayError> {
  const nearest = await new ImageNames(root).nearest(first, NAMED);
  const there =
    nearest.length > 0
      ? `The ${nearest.length === 1 ? 'image' : 'images'} most like ${first}: ${nearest.join(', ')}`
      : `The folder holds no image at all; ${total === 1 ? 'the list names' : 'the first in the list is'} ${first}`;
  const listed =
    total === 1
      ? `The one image that ${from} lists is not in ${root}`
      : `None of the ${integer(total)} images that ${from} lists is in ${root}`;
  return new AssayError(
    'SOURCE_UNREADABLE',
    `${listed}, so nothing was imported. ${there}. Correct the paths, or import the folder that holds both the list and the images.`,
    { from, missing: [first], nearest },
  );
}

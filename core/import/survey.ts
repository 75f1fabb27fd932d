import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Reading as ReadingResult } from '../../rpc/contract/imports.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import type { Source } from './sources/define.ts';
import { ImageNames } from './sources/image-names.ts';
import { Reading } from './sources/reading.ts';

/** What listing a whole dataset found. */
export interface SourceSurvey extends ReadingResult {
  /** Number of images that it lists. */
  total: number;
}

const REPORT_EVERY = 1000;

/**
 * Lists all of a dataset and opens no image. Throws what the source throws, and `SOURCE_UNREADABLE` where it lists no
 * image, or not one of the images that it lists is there.
 */
export async function surveySource(
  source: Source,
  from: string,
  root: string,
  options: { strict: boolean; encoding: string | null },
  task: TaskContext,
): Promise<SourceSurvey> {
  const reading = new Reading(root, options);
  let total = 0;
  let found = false;
  const missing: string[] = [];
  for await (const { path } of source.list(from, reading)) {
    total++;
    found ||= await isThere(join(root, path));
    if (!found && missing.length < 3) missing.push(path);
    if (total % REPORT_EVERY > 0) continue;
    task.signal.throwIfAborted();
    task.progress({ stage: 'reading the list', done: total, total: null, unit: 'images' });
  }
  if (total === 0)
    throw new AssayError(
      'SOURCE_UNREADABLE',
      `${from} lists no image (read as ${source.title}). Check that it is the right folder.`,
      { from },
    );
  if (!found) {
    const nearest = await new ImageNames(root).nearest(missing[0]!, 3);
    const there =
      nearest.length > 0 ? `The nearest that are there: ${nearest.join(', ')}` : 'The folder holds no image';
    throw new AssayError(
      'SOURCE_UNREADABLE',
      `None of the ${total} images that ${from} lists is there, for instance ${missing.join(', ')}. ${there}. Nothing was imported. Put the images where the file says, or import the folder that holds both.`,
      { from, missing, nearest },
    );
  }
  return { total, ...reading.result() };
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

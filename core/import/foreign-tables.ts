import { basename, join } from 'node:path';
import { boxColumnsOf } from './sources/box-columns.ts';
import type { Seen } from './glance.ts';
import { isForm } from './sources/manifest-file.ts';
import { headerOf } from './sources/csv-shape.ts';
import { columnsOf, isById } from './sources/manifest-columns.ts';
import { columnsSentence, renameToLabel } from './sources/table-labels.ts';

/** Tables of which the columns are named. */
const NAMED = 2;

/** What to do so that tables which no source reads can be read: which columns they have, and which they should have. */
export async function tableRemedy(root: string, tables: Seen[]): Promise<string> {
  const sentences: string[] = [];
  if (tables.some(({ folder }) => folder !== ''))
    sentences.push('Tables are read at the top of a folder: import the folder of each, or the file itself.');
  let isBare = false;
  for (const { path } of tables.slice(0, NAMED)) {
    const header = await headerOf(join(root, path));
    if (!header) isBare = true;
    else {
      const missing = missingIn(path, header);
      if (isForm(path)) sentences.push(`By its name, ${basename(path)} is a form for predictions.`);
      if (missing !== null) sentences.push(missing);
    }
  }
  if (isBare)
    sentences.push(
      `${tables.length === 1 ? 'It' : 'A table'} needs a header with a column path, and label or the columns of a box, see docs/formats.md.`,
    );
  return sentences.join(' ');
}

/** What a table with these columns lacks; null where nothing seems to be missing. */
function missingIn(path: string, names: string[]): string | null {
  const known = columnsOf(names);
  const isLabelled = known.has('label') || known.has('boxes') || known.has('objects') || boxColumnsOf(names);
  const noPath = !known.has('path')
    ? 'Rename the one that names the images to path.'
    : isById(names)
      ? 'Not every id in it is the name of exactly one image: add a column path with the names of the files.'
      : null;
  if (noPath === null && isLabelled) return null;
  const noLabel = isLabelled ? null : renameToLabel(names);
  return [
    `No column of ${basename(path)} is called ${noPath === null ? 'label' : 'path'}.`,
    columnsSentence(names),
    noPath,
    noLabel,
  ]
    .filter((sentence) => sentence !== null)
    .join(' ');
}

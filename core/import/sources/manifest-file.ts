import { basename, dirname, extname, join } from 'node:path';
import { integer } from '../../../rpc/format.ts';
import type { Doubt } from './define.ts';
import { ImageNames } from './image-names.ts';
import { columnsOf } from './manifest-columns.ts';
import type { ManifestRow } from './manifest-row.ts';
import { contents, isFolder } from './source-files.ts';
import { columnsSentence, labelDoubt } from './table-labels.ts';
import { unreadable } from './untrusted.ts';

/** Base names that win when a folder has several manifests, best first. */
const USUAL = ['manifest', 'labels', 'images', 'data', 'index', 'annotations'];
/** Rows that are read to tell how many images a table names. */
const MOST_ROWS = 20_000;

interface Kind {
  extensions: string[];
  /** Base names that belong to another source. */
  except: string[];
  accepts(file: string): Promise<boolean>;
  rows(file: string): AsyncIterable<ManifestRow>;
}

/** Whether a table is, by its name, a form for predictions: it has the names of test images and made-up values. */
export function isForm(file: string): boolean {
  return /submission/i.test(basename(file));
}

/** Files that could be the manifest: `root` itself, or those of the folder; only the one with a usual name if there is one. */
async function candidates(root: string, kind: Kind): Promise<string[]> {
  const fits = (name: string): boolean =>
    kind.extensions.includes(extname(name).toLowerCase()) &&
    !kind.except.includes(basename(name).toLowerCase());
  if (!(await isFolder(root))) return fits(root) && (await kind.accepts(root)) ? [root] : [];
  const found: string[] = [];
  for (const { name, kind: type } of await contents(root)) {
    if (type === 'file' && fits(name) && (await kind.accepts(join(root, name)))) found.push(join(root, name));
  }
  const usual = USUAL.map((name) =>
    found.find((file) => basename(file, extname(file)).toLowerCase() === name),
  );
  const best = usual.find((file) => file !== undefined);
  return best === undefined ? found : [best];
}

/** Whether a folder has a manifest of this kind, or `root` is one. */
export async function hasManifest(root: string, kind: Kind): Promise<boolean> {
  return (await candidates(root, kind)).length > 0;
}

/** What stands against importing the manifest of this kind without asking; null where nothing does. */
export async function manifestDoubt(root: string, kind: Kind): Promise<Doubt | null> {
  const found = await candidates(root, kind);
  const [file] = found;
  if (file === undefined) return null;
  if (found.length > 1 || (file !== root && isForm(file)))
    return { kind: 'several', files: found, why: await choiceOf(found, kind) };
  return labelDoubt(file, kind.rows(file));
}

/** Returns the manifest of this kind; throws `SOURCE_UNREADABLE` if there is none, or several without a usual name. */
export async function findManifest(root: string, kind: Kind): Promise<string> {
  const found = await candidates(root, kind);
  if (found.length === 1) return found[0]!;
  if (found.length === 0) {
    const wanted = kind.extensions.map((extension) => `*${extension}`).join(' or ');
    throw unreadable(root, null, `there is no ${wanted} with a column of image paths.`);
  }
  throw unreadable(root, null, await choiceOf(found, kind));
}

/** The tables to choose from, with their columns and how many of the images each names. */
async function choiceOf(files: string[], kind: Kind): Promise<string> {
  const folder = dirname(files[0]!);
  const names = new ImageNames(folder);
  const all = await names.count();
  const lines: string[] = [];
  for (const file of files) {
    const { columns, share } = await look(kind.rows(file), names, all);
    const form = isForm(file) ? ' By its name it is a form for predictions.' : '';
    lines.push(`${basename(file)}: ${columns} It names ${share}.${form}`);
  }
  const what =
    files.length === 1
      ? `one table could be the labels. If it is, import the file itself: ${files[0]!}`
      : `several tables could be the labels. Import the one that is by itself, for instance ${files[0]!}`;
  return `${what}\n  ${lines.join('\n  ')}`;
}

async function look(
  rows: AsyncIterable<ManifestRow>,
  names: ImageNames,
  all: number,
): Promise<{ columns: string; share: string }> {
  const columns = new Set<string>();
  const found = new Set<string>();
  let read = 0;
  try {
    for await (const { values } of rows) {
      for (const name of Object.keys(values)) columns.add(name);
      const column = columnsOf(Object.keys(values)).get('path');
      const written = column === undefined ? null : values[column];
      const isName = typeof written === 'string' || typeof written === 'number';
      const path = isName ? await names.find(String(written)) : null;
      if (path !== null) found.add(path);
      if (++read === MOST_ROWS) break;
    }
  } catch {
    // The import of the file says what is wrong with it.
  }
  const least = read === MOST_ROWS ? 'at least ' : '';
  return {
    columns: columns.size === 0 ? 'It has no rows.' : columnsSentence([...columns]),
    share: `${least}${integer(found.size)} of ${all === 1 ? '1 image' : `${integer(all)} images`}`,
  };
}

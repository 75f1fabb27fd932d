import { AssayError } from '../../rpc/errors.ts';
import type { Source } from './sources/define.ts';
import { foreignLayout } from './foreign.ts';
import { sources, sourcesByPriority } from './sources/registry.ts';
import { isFolder } from './sources/source-files.ts';

/** What was found out about the layout of a folder or manifest file. */
export interface Detection {
  verdict: 'understood' | 'ambiguous' | 'not-understood';
  /** The source that reads it; null unless it is understood. */
  source: Source | null;
  /** The evidence in sentences; where it is not understood, the files in question and the remedy. */
  why: string;
  /** Every source that could read it, the most likely first. */
  possible: Source[];
}

/**
 * Tells the layout of a folder or manifest file. It is understood if exactly one source reads its annotations, or if
 * there are no annotations and folder names can be taken for classes. It is never guessed: two sources that fit make it
 * ambiguous, and annotations that no source reads make it not understood. Throws `NOT_FOUND` where nothing is at `root`.
 */
async function detect(root: string): Promise<Detection> {
  const folder = await isFolder(root);
  const possible: Source[] = [];
  for (const source of sourcesByPriority) if (await source.detects(root)) possible.push(source);
  const annotated = possible.filter(({ bareFolders }) => !bareFolders);
  if (annotated.length > 1) {
    const choices = annotated.map(({ id, title }) => `${id} (${title})`).join(', ');
    return {
      verdict: 'ambiguous',
      source: null,
      why: `${root} can be read in several ways: ${choices}. Choose one with --source.`,
      possible,
    };
  }
  const [only] = annotated;
  if (only) return { verdict: 'understood', source: only, why: only.layout, possible };
  const foreign = folder ? await foreignLayout(root) : null;
  if (foreign !== null) return { verdict: 'not-understood', source: null, why: foreign, possible };
  const [bare] = possible;
  if (bare) return { verdict: 'understood', source: bare, why: bare.layout, possible };
  const layouts = sourcesByPriority.map(({ id, layout }) => `${id}: ${layout}`).join('\n  ');
  const what = folder ? 'the folder' : 'the file';
  return {
    verdict: 'not-understood',
    source: null,
    why: `${root}: ${what} has no layout that can be imported. Looked for\n  ${layouts}`,
    possible,
  };
}

/** The source with an id, as a detection; `auto` detects. Throws `USAGE` naming the known ids. */
export async function detectOrNamed(root: string, id: string): Promise<Detection> {
  if (id === 'auto') return detect(root);
  const source = sources.get(id);
  if (source) return { verdict: 'understood', source, why: 'You chose this format.', possible: [source] };
  throw new AssayError(
    'USAGE',
    `There is no import format "${id}". Known: auto, ${[...sources.keys()].join(', ')}.`,
  );
}

/** The source of an id, or the detected one. Throws `USAGE`, or `SOURCE_UNREADABLE` where it is not understood. */
export async function findSource(root: string, id: string): Promise<Source> {
  const { source, why, possible } = await detectOrNamed(root, id);
  if (source) return source;
  throw new AssayError('SOURCE_UNREADABLE', why, { from: root, possible: possible.map((one) => one.id) });
}

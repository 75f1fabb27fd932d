import { basename } from 'node:path';
import { AssayError } from '../../rpc/errors.ts';
import type { Source } from './sources/define.ts';
import { foreignLayout } from './foreign.ts';
import { glanceOnce } from './glance.ts';
import { hasFolderFacts } from './sources/class-folders.ts';
import { noImages } from './no-images.ts';
import { sources, sourcesByPriority } from './sources/registry.ts';
import { isFolder } from './sources/source-files.ts';
import { judgeFolderNames } from './structure.ts';

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
 * ambiguous, as do folders whose names say how a dataset is arranged, and annotations that no source reads make it not
 * understood. Throws `NOT_FOUND` where nothing is at `root`.
 */
async function detect(root: string): Promise<Detection> {
  const folder = await isFolder(root);
  const glance = glanceOnce(root);
  const possible: Source[] = [];
  for (const source of sourcesByPriority) if (await source.detects(root, glance)) possible.push(source);
  const annotated = possible.filter(({ bareFolders }) => !bareFolders);
  if (annotated.length > 1)
    return unclear(
      'ambiguous',
      `${root} has annotations that can be read in several ways. Choose one (--source):\n  ${annotated.map(described).join('\n  ')}`,
      possible,
    );
  const [only] = annotated;
  if (only) return annotatedBy(root, only, possible);
  const foreign = folder ? await foreignLayout(await glance()) : null;
  if (foreign !== null) return unclear('not-understood', foreign, possible);
  const [bare] = possible;
  if (bare) return folders(root, bare, possible);
  const why = folder
    ? noImages(await glance())
    : `${root} is no file that can be imported. Files of CSV, JSON Lines, JSON, COCO and CVAT XML are, and data.yaml of YOLO; for all else choose the folder.`;
  return unclear('not-understood', why, possible);
}

function described({ id, layout }: Source): string {
  return `${id}: ${layout}`;
}

function unclear(verdict: Detection['verdict'], why: string, possible: Source[]): Detection {
  return { verdict, source: null, why, possible };
}

/** The verdict on the one source that reads annotations: tables without labels do not outdo class folders unasked. */
async function annotatedBy(root: string, only: Source, possible: Source[]): Promise<Detection> {
  const understood: Detection = { verdict: 'understood', source: only, why: only.layout, possible };
  const doubt = (await only.doubt?.(root)) ?? null;
  if (!doubt) return understood;
  const classFolders = possible.find(({ id }) => id === 'class-folders');
  const classes = classFolders && (await areClasses(root, classFolders)) ? classFolders : null;
  if (doubt.kind === 'several') {
    const flat = sources.get('flat-folder')!;
    const choice = classes
      ? 'Class folders (--source class-folders) for the names of the folders, or Folder of images (--source flat-folder)'
      : 'Folder of images (--source flat-folder)';
    const why = `In ${root} ${doubt.why}\nOr choose ${choice} for images without labels.`;
    return unclear('ambiguous', why, classes ? [classes, flat] : [flat]);
  }
  if (classes)
    return unclear(
      'ambiguous',
      `${root} has folders that can be classes, and ${doubt.files.map((file) => basename(file)).join(', ')}. ${doubt.why} Or choose Class folders (--source class-folders) for the names of the folders, or ${only.title} (--source ${only.id}) for images without labels.`,
      [classes, only],
    );
  if (doubt.kind === 'only-names') return understood;
  const choice = `For images without labels choose ${only.title} (--source ${only.id}).`;
  return unclear('not-understood', `${doubt.why} ${choice}`, possible);
}

/** Whether the folders of a folder can honestly be taken for classes. */
async function areClasses(root: string, source: Source): Promise<boolean> {
  if (await hasFolderFacts(root)) return true;
  const names = await judgeFolderNames(root);
  return names.kind === 'classes' && ((await source.classes?.(root)) ?? []).length > 0;
}

/** Judges a folder of images without annotations: names of folders are classes unless they say otherwise. */
async function folders(root: string, bare: Source, possible: Source[]): Promise<Detection> {
  const understood: Detection = { verdict: 'understood', source: bare, why: bare.layout, possible };
  if (bare.id !== 'class-folders' || (await hasFolderFacts(root))) return understood;
  const names = await judgeFolderNames(root);
  if (names.kind === 'classes') return understood;
  const flat = sources.get('flat-folder')!;
  if (names.kind === 'unclear') return unclear('ambiguous', `${root} ${names.why}`, [bare, flat]);
  const quoted = JSON.stringify(names.name);
  return {
    verdict: 'understood',
    source: flat,
    why: `The folder ${quoted} says where the images are, not what they show: they have no labels.`,
    possible: [flat, bare],
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
  const { verdict, source, why, possible } = await detectOrNamed(root, id);
  if (source) return source;
  throw new AssayError('SOURCE_UNREADABLE', why, {
    from: root,
    verdict,
    possible: possible.map((one) => one.id),
  });
}

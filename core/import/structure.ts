import { basename, join } from 'node:path';
import { contents, holdsImage, isMaskFolder } from './sources/source-files.ts';
import { isSplitName } from '../base/splits.ts';

/** Names of folders that say how a dataset is arranged, not what its images show. */
const STRUCTURE = new RegExp(
  `^(?:${[
    '(?:jpe?g|png)?images?(?:[_-]?\\d+)?',
    'imgs?(?:[_-]?\\d+)?',
    'pictures?|photos?|pics|jpe?gs?|pngs?|webp|bmp|frames?|samples|sweeps|crops|thumbs|thumbnails?',
    'data|datasets?|raw|all|inputs?|outputs?|targets|images?[ab]|(?:train|val|test)[ab]',
    '(?:rgba?|colou?r|gr[ae]y|ir|thermal|nir|depth|disparity|flow|normals|albedo|lidar|velodyne|calib)(?:_\\w+)?',
    '(?:left|right)(?:[_-]?(?:images?|imgs?|cam(?:era)?|rgb|\\d+))?',
    'cam(?:era)?s?[_-]?\\d*',
    '(?:labels?|annot?(?:ation)?s?|gt|ground_?truth|semantic|instances?|segmentation|panoptic|bounding_?box(?:es)?)(?:_\\w+)?',
    '(?:leftImg8bit|gtFine|gtCoarse)\\w*',
    'obj(?:_train|_valid|_val|_test)?_data',
    'sequence\\.\\d+|step\\d+',
    '(?:txt|img)2img.*|\\d{4}-\\d{2}-\\d{2}',
  ].join('|')})$`,
  'i',
);

function isStructureName(name: string): boolean {
  return STRUCTURE.test(name) || isMaskFolder(name);
}

/** Folders whose own folders are looked at. */
const OPENED = 50;

/** What the folders of a folder without annotations are, by their names. */
export type FolderNames =
  /** They can be classes. */
  | { kind: 'classes' }
  /** A single name, which says where the images are: they have no labels. */
  | { kind: 'flat'; name: string }
  /** It must be asked, for the reason in the sentences. */
  | { kind: 'unclear'; why: string };

/** Judges the names of the folders of a folder without annotations: those below the splits, where there are any. */
export async function judgeFolderNames(root: string): Promise<FolderNames> {
  const top = await imageFolders(root);
  const isSplit = top.length > 0 && top.every(isSplitName);
  const splits = top.filter(isSplitName);
  if (!isSplit && splits.length > 0 && top.length > 1)
    return unclear(
      `folders of which only some are named like splits: ${quoted(splits)} beside ${quoted(top.filter((name) => !isSplitName(name)))}`,
      'If all of them are classes, choose Class folders (--source class-folders); for images without labels choose Folder of images (--source flat-folder); or import them one by one.',
    );
  const paths = isSplit
    ? (
        await Promise.all(
          top.map(async (split) => (await imageFolders(join(root, split))).map((name) => `${split}/${name}`)),
        )
      ).flat()
    : top;
  const names = [...new Set(paths.map((path) => basename(path)))];
  const structural = names.filter(isStructureName);
  if (names.length > 1 && structural.length > 0)
    return unclear(
      `folders whose names say how a dataset is arranged, not what its images show: ${quoted(structural)}`,
      'Choose Class folders (--source class-folders) if they are the classes, or Folder of images (--source flat-folder) for images without labels; or import one of the folders.',
    );
  const inner = new Map<string, string[]>();
  for (const path of paths.slice(0, OPENED)) inner.set(path, await imageFolders(join(root, path)));
  if (names.length === 1) return judgeLoneFolder(root, names[0]!, inner);
  const repeated = repeatedNames([...inner.values()]);
  if (repeated.length === 0) return { kind: 'classes' };
  return unclear(
    `folders ${quoted(names)} in which the same folders lie: ${quoted(repeated)}`,
    `If the outer ones are the classes, choose --source class-folders; if the inner ones are, import the outer ones one by one${repeated.some(isSplitName) ? '' : ', or name them train, val and test'}.`,
  );
}

/** `inner`: the folders in the lone one, by the path of each place where it lies. */
function judgeLoneFolder(root: string, name: string, inner: Map<string, string[]>): FolderNames {
  const [path] = inner.keys();
  const below = [...inner.values()].flat().filter((one) => !isStructureName(one));
  const isWrapped = new Set(below).size > 1 || below.some(isSplitName);
  if (!isWrapped) return isStructureName(name) ? { kind: 'flat', name } : { kind: 'classes' };
  return unclear(
    `one folder, ${quoted([name])}, and in it ${quoted([...new Set(below)])}`,
    `If the inner ones are the classes or splits, import ${join(root, path!)}; if the outer one is the only class, choose Class folders (--source class-folders); for images without labels choose Folder of images (--source flat-folder).`,
  );
}

function unclear(what: string, remedy: string): FolderNames {
  return { kind: 'unclear', why: `has ${what}. ${remedy}` };
}

/** Names that are in at least two of the lists and say more than how a dataset is arranged. */
function repeatedNames(lists: string[][]): string[] {
  const counts = new Map<string, number>();
  for (const name of lists.flat()) counts.set(name, (counts.get(name) ?? 0) + 1);
  const all = [...counts]
    .filter(([name, count]) => count > 1 && !isStructureName(name))
    .map(([name]) => name);
  return all.length > 0 ? all : lists.flat().filter(isSplitName);
}

function quoted(names: readonly string[]): string {
  const few = names.slice(0, 5).map((name) => JSON.stringify(name));
  return names.length > few.length ? `${few.join(', ')} …` : few.join(', ');
}

/** The folders in a folder that hold images at most two folders down. */
async function imageFolders(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const { name, kind } of await contents(folder).catch(() => []))
    if (kind === 'folder' && (await holdsImage(join(folder, name), 2))) found.push(name);
  return found;
}

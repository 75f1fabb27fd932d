import { join } from 'node:path';
import { contents, holdsImage, isMaskFolder } from './sources/source-files.ts';
import { isSplitName } from './sources/splits.ts';

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
  ].join('|')})$`,
  'i',
);

function isStructureName(name: string): boolean {
  return STRUCTURE.test(name) || isMaskFolder(name);
}

/** What the folders that would be taken for classes are, by their names. */
export interface FolderNames {
  /** `one`: a single folder, which means nothing. `several`: at least one name is structure, so it must be asked. */
  structure: 'none' | 'one' | 'several';
  /** The names in question, for instance `images`. */
  names: string[];
  /** The folder whose own folders may be the classes, where `structure` is `several` for that reason. */
  inner: string | null;
}

/** Judges the names of the folders of a folder without annotations: those below the splits, where there are any. */
export async function judgeFolderNames(root: string): Promise<FolderNames> {
  const top = await imageFolders(root);
  const isSplit = top.length > 0 && top.every(isSplitName);
  const names = isSplit
    ? (await Promise.all(top.map((split) => imageFolders(join(root, split))))).flat()
    : top;
  const structural = [...new Set(names)].filter(isStructureName);
  if (structural.length === 0) return { structure: 'none', names: [], inner: null };
  if (new Set(names).size > 1) return { structure: 'several', names: structural, inner: null };
  const path = isSplit ? `${top[0]!}/${structural[0]!}` : structural[0]!;
  const inner = (await imageFolders(join(root, path))).filter((name) => !isStructureName(name));
  if (inner.length > 1) return { structure: 'several', names: structural, inner: path };
  return { structure: 'one', names: structural, inner: null };
}

/** The folders in a folder that hold images at most two folders down. */
async function imageFolders(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const { name, kind } of await contents(folder))
    if (kind === 'folder' && (await holdsImage(join(folder, name), 2))) found.push(name);
  return found;
}

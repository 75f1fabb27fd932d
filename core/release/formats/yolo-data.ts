import { Document, Scalar } from 'yaml';
import type { Survey } from './items.ts';
import { uniqueNames, wordName } from './names.ts';
import { partOf, type Part } from '../../base/splits.ts';

const HOLDOUT = /^holdout(?:_\d+)?$/i;

/** A folder name for each split; usual names for the three that Ultralytics looks for. */
export function foldersOf(splits: Survey['splits']): Map<string | null, string> {
  const hasTest = splits.some((split) => split !== null && partOf(split) === 'test' && !HOLDOUT.test(split));
  const folderName = (split: string | null): string => {
    if (split === null) return 'unsplit';
    // The hold-out stays apart from other images for testing.
    return hasTest && HOLDOUT.test(split) ? wordName(split) : (partOf(split) ?? wordName(split));
  };
  // Named splits come first, so that each keeps its name.
  return uniqueNames([...splits].reverse(), folderName, '_');
}

/**
 * The folders of a classification dataset, which knows one for training: images without a split share it. `training`: the
 * split that it is for, whether an image is in it or not.
 */
export function classFoldersOf(splits: Survey['splits']): {
  training: string;
  folders: Map<string | null, string>;
} {
  const named = splits.filter((split) => split !== null);
  const training = named.find((split) => partOf(split) === 'train') ?? 'train';
  const folders = foldersOf([...new Set([...named, training])].sort());
  return { training, folders: folders.set(null, folders.get(training)!) };
}

/**
 * Maps folders to training, validation and testing. Images without a split are trained on. Ultralytics requires `val`:
 * without one it repeats `train`, as a comment in the file says. A hold-out is for testing. Splits with other names are
 * not listed, since nothing must slip into training.
 *
 * `keypoints`: how many each object has, as x, y and visibility; null for none. Without `path`, readers start at the file's folder. Keys of classes are numbers, and every text is quoted, so that no
 * YAML 1.1 reader takes `no`, `1e3` or `2026-01-01` for anything else; the file is ASCII, since some readers open it in
 * the system's encoding.
 */
export function dataYaml(
  folders: ReadonlyMap<string | null, string>,
  classes: string[],
  keypoints: number | null,
): string {
  const serving = (part: Part): string[] =>
    [...folders].filter(([split]) => partOf(split) === part).map(([, folder]) => `images/${folder}`);
  const [train, val, test] = [serving('train'), serving('val'), serving('test')];
  const splits = [...folders].map(([name, folder]) => ({
    ...(name !== null && { name }),
    path: `images/${folder}`,
  }));
  const document = new Document(
    {
      train,
      val: val.length > 0 ? val : train,
      ...(test.length > 0 && { test }),
      ...(keypoints !== null && { kpt_shape: [keypoints, 3] }),
      names: new Map(classes.map((name, index) => [index, name])),
      assay: { splits },
    },
    { aliasDuplicateObjects: false },
  );
  const comment = val.length > 0 ? '' : '# This release has no validation split: val repeats train.\n';
  const text = document.toString({
    lineWidth: 0,
    defaultStringType: Scalar.QUOTE_DOUBLE,
    defaultKeyType: Scalar.PLAIN,
  });
  return comment + text.replaceAll(/[^\n -~]/gu, escaped);
}

function escaped(character: string): string {
  const code = character.codePointAt(0)!.toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
}

import { extname, join, posix } from 'node:path';
import type { Reading } from './reading.ts';
import { contents, isImageName } from './source-files.ts';

/** The files of one frame of one camera, below the root, by annotator and part: `bounding_box_2d_tight_labels`. */
export type FrameFiles = ReadonlyMap<string, string>;

const NAME =
  /^(?:(.+?)_)?(rgb|LdrColor|bounding_box_2d_(?:tight|loose)|semantic_segmentation|instance_id_segmentation|instance_segmentation)(?:_fast)?(?:_(labels|prim_paths|mapping|semantics_mapping))?_(\d+(?:_\d+)*)\.(?:png|jpe?g|npy|json)$/i;

/** Pictures of annotators that are no picture of a camera. */
const BESIDE =
  /(?:^|_)(?:normals|distance_to_\w+|depth\w*|occlusion|motion_vectors|cross_correspondence|background_rand)_\d/i;

/** Numbers of frames need not have equally many digits. */
const IN_ORDER = new Intl.Collator('en', { numeric: true });

interface Named {
  key: string;
  part: string;
}

/** To which frame a file belongs, and what of it is in it; null where it is none of BasicWriter's. */
export function frameOf(path: string): Named | null {
  const match = NAME.exec(posix.basename(path));
  if (!match) return null;
  const [, camera = '', annotator, detail, frame] = match;
  const name = annotator!.toLowerCase() === 'ldrcolor' ? 'rgb' : annotator!.toLowerCase();
  const part = detail === undefined ? name : `${name}_${detail.toLowerCase()}`;
  const folders = posix.dirname(path).split('/');
  const last = folders
    .at(-1)!
    .toLowerCase()
    .replace(/_fast$/, '');
  // One folder for each annotator says no more than the name of the file.
  if (last === name || last === part || last === annotator!.toLowerCase()) folders.pop();
  return { key: [...folders, `${camera}\n${frame}`].join('/'), part };
}

/** All frames below a folder, by camera and number. What is no part of one is counted. */
export async function replicatorFrames(root: string, reading: Reading): Promise<FrameFiles[]> {
  const frames = new Map<string, Map<string, string>>();
  const walk = async (prefix: string): Promise<void> => {
    for (const { name, kind } of await contents(join(root, prefix))) {
      const path = prefix + name;
      if (kind === 'folder') await walk(`${path}/`);
      else if (kind === 'file') {
        const named = frameOf(path);
        if (!named) leaveOther(root, path, reading);
        else {
          const frame = frames.get(named.key) ?? new Map<string, string>();
          if (frame.has(named.part))
            reading.skip(join(root, path), null, `${frame.get(named.part)} is of the same frame already.`);
          else frames.set(named.key, frame.set(named.part, path));
        }
      }
    }
  };
  await walk('');
  return [...frames].sort(([a], [b]) => IN_ORDER.compare(a, b)).map(([, files]) => files);
}

function leaveOther(root: string, path: string, reading: Reading): void {
  if (isImageName(path))
    reading.leave(BESIDE.test(posix.basename(path)) ? 'mask-beside' : 'unlisted', '', 1, join(root, path));
  else if (!/^(?:readme|licen[cs]e)\b/i.test(posix.basename(path)))
    reading.leave('file', extname(path).toLowerCase() || 'without extension', 1, join(root, path));
}

import { integer } from '../../../rpc/format.ts';
import { hash } from 'node:crypto';
import { basename, relative, sep } from 'node:path';
import type { CocoFile } from './coco-file.ts';
import { CocoPlaces, foldersBelow, splitOfFile, spread } from './coco-places.ts';
import { ImageNames } from './image-names.ts';
import type { Reading } from './reading.ts';
import { unreadable } from './untrusted.ts';

/** What the annotations of a file are. Of files that show the same images, the one of the first kind is read. */
const KINDS = ['boxes', 'keypoints', 'stuff', 'none', 'captions', 'panoptic'] as const;
type Kind = (typeof KINDS)[number];

/** A file whose images are listed. */
export interface View {
  coco: CocoFile;
  kind: Kind;
  /** Path by place in `coco.images`; null for an image that another record lists. */
  paths: (string | null)[];
}

/** So many images tell whether another file shows the same ones. */
const COMPARED = 64;

function kindOf(coco: CocoFile): Kind {
  if (coco.annotations > 0) {
    if (/(?:^|[_-])stuff(?:[_-]|$)/i.test(basename(coco.file))) return 'stuff';
    return coco.isKeypoints ? 'keypoints' : 'boxes';
  }
  if (coco.countOf('caption') > 0) return 'captions';
  return coco.countOf('mask') > 0 ? 'panoptic' : 'none';
}

/**
 * Finds the images of COCO files that lie together, and decides which file is read for images that several show:
 * instances rather than keypoints, stuff or captions, which are counted. Files without an image in the folder are left
 * out, unless none has any. Throws `SOURCE_UNREADABLE` where two files contradict each other.
 */
export async function chooseViews(root: string, files: CocoFile[], reading: Reading): Promise<View[]> {
  const names = new ImageNames(root);
  const folders = await foldersBelow(root);
  const located: { coco: CocoFile; kind: Kind; places: CocoPlaces; there: boolean }[] = [];
  for (const coco of files) {
    const places = await CocoPlaces.of(root, folders, names, coco.file, coco.images);
    located.push({ coco, kind: kindOf(coco), places, there: await places.anyThere(coco.images) });
  }
  // A file that names a split says more of the same images than one of them all.
  const rank = ({ coco, kind }: (typeof located)[number]): number =>
    2 * KINDS.indexOf(kind) + (splitOfFile(root, coco.file) === null ? 1 : 0);
  located.sort((a, b) => rank(a) - rank(b));
  const views = new Views(root, reading, files.length > 1);
  const none = located.every(({ there }) => !there);
  for (const { coco, kind, places, there } of located) {
    if (places.doubt !== null) reading.note(`${views.shown(coco)}: ${places.doubt}`);
    if (there || none) await views.add(coco, kind, places);
    else views.leaveMissing(coco);
  }
  return views.chosen;
}

class Views {
  readonly chosen: View[] = [];
  readonly #root: string;
  readonly #reading: Reading;
  readonly #several: boolean;
  /** Who lists an image, by path. */
  readonly #listed = new Map<string, { coco: CocoFile; line: number; says: string }>();

  constructor(root: string, reading: Reading, several: boolean) {
    this.#root = root;
    this.#reading = reading;
    this.#several = several;
  }

  shown({ file }: CocoFile): string {
    return relative(this.#root, file).split(sep).join('/');
  }

  leaveMissing(coco: CocoFile): void {
    const { length } = coco.images;
    const none = length === 1 ? 'its one image is not' : `none of its ${integer(length)} images is`;
    this.#reading.note(`${this.shown(coco)}: ${none} in the folder; it was left out.`);
  }

  async add(coco: CocoFile, kind: Kind, places: CocoPlaces): Promise<void> {
    if (kind !== 'boxes' && kind !== 'none') {
      const other = await this.#sameImages(coco, places);
      if (other) return this.#leaveView(coco, kind, other);
      if (kind === 'panoptic')
        throw unreadable(
          coco.file,
          null,
          'this is a panoptic segmentation: masks in PNG files, which Assay does not read. Import the instances_*.json of the same images.',
        );
    }
    const paths: (string | null)[] = [];
    const again = { same: 0, other: 0, first: '', by: null as CocoFile | null };
    for (const [i, image] of coco.images.entries()) {
      const path = await places.pathOf(image);
      const before = this.#listed.get(path);
      const says = this.#several ? saidOf(coco, i) : '';
      paths.push(before ? null : path);
      if (!before) this.#listed.set(path, { coco, line: image.line, says });
      else if (before.coco === coco)
        coco.drop(i, `${JSON.stringify(path)} is already listed in line ${before.line}.`);
      else {
        again.by ??= before.coco;
        again.first ||= path;
        if (kind === 'none' || before.says === says) again.same += 1;
        else again.other += 1;
      }
    }
    if (again.other > 0)
      throw unreadable(
        coco.file,
        null,
        `${again.other} of its images are also in ${this.shown(again.by!)}, with other annotations, for instance ${again.first}. Import one of the two files, by its name.`,
      );
    if (again.same > 0)
      this.#reading.note(
        `${this.shown(coco)}: ${integer(again.same)} of its images are also in ${this.shown(again.by!)}, ${kind === 'none' ? 'with annotations' : 'with the same annotations'}; they were read once.`,
      );
    this.chosen.push({ coco, kind, paths });
  }

  /** A file read before that shows the same images. */
  async #sameImages(coco: CocoFile, places: CocoPlaces): Promise<CocoFile | null> {
    for (const image of spread(coco.images, COMPARED)) {
      const before = this.#listed.get(await places.pathOf(image));
      if (before) return before.coco;
    }
    return null;
  }

  #leaveView(coco: CocoFile, kind: Kind, other: CocoFile): void {
    for (const left of ['keypoints', 'caption', 'mask', 'polygon'] as const) {
      // The polygons around keypoints are those of the instances.
      if (kind === 'keypoints' && left !== 'keypoints') continue;
      const kept = left === 'caption' ? 0 : coco.kept[left];
      this.#reading.leave(left, '', coco.countOf(left) + kept, coco.file);
    }
    this.#reading.note(
      `${this.shown(coco)} shows the same images as ${this.shown(other)}; its ${WORDS[kind] ?? 'annotations'} were counted and left out.`,
    );
  }
}

const WORDS: Partial<Record<Kind, string>> = {
  keypoints: 'keypoints',
  stuff: 'masks of stuff',
  captions: 'captions',
  panoptic: 'masks',
};

/** A digest of all that a file says of an image. */
function saidOf(coco: CocoFile, image: number): string {
  const boxes = coco.boxesOf(image).map(({ label, values }) => JSON.stringify([label, values]));
  return hash('sha1', JSON.stringify([boxes.sort(), coco.labelsOf(image).sort()]), 'base64');
}

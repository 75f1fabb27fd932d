import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { counted } from '../format.ts';
import { unreadByExtension } from './unread-pictures.ts';
import { Actor, DEVICE_NAMES, ProjectPath, RoleSchema } from './terms.ts';

/** Kinds of things in datasets that Assay does not take over, each with its name for one and for several. */
const LEFT_KINDS = {
  polygon: ['polygon (its enclosing box is kept)', 'polygons (their enclosing boxes are kept)'],
  mask: ['mask', 'masks'],
  'mask-file': ['mask file', 'mask files'],
  hidden: ['object of which nothing is visible', 'objects of which nothing is visible'],
  undeclared: ['pixel of no declared class, with the value', 'pixels of no declared class, with the value'],
  'mask-beside': [
    'file that looks like a mask or depth map of the image beside it',
    'files that look like masks or depth maps of the images beside them',
  ],
  keypoints: ['set of keypoints', 'sets of keypoints'],
  rotation: ['rotation of a box', 'rotations of boxes'],
  'other-shape': ['shape that is no box', 'shapes that are no boxes'],
  ignored: ['region that is to be ignored', 'regions that are to be ignored'],
  part: ['part of an object', 'parts of objects'],
  crowd: ['region of a crowd', 'regions of crowds'],
  label: ['label of an image that has several', 'labels of images that have several'],
  score: ['confidence', 'confidences'],
  track: ['track id', 'track ids'],
  attribute: ['attribute', 'attributes'],
  caption: ['caption', 'captions'],
  unlisted: ['image that no annotation file lists', 'images that no annotation file lists'],
  results: ['file of detection results', 'files of detection results'],
  judgement: ['judgement of another project', 'judgements of another project'],
  column: ['value in the column', 'values in the column'],
  file: ['file', 'files'],
  nameless: ['box whose class has no name', 'boxes whose class has no name'],
  faulty: ['faulty record', 'faulty records'],
  preview: ['preview that a network drive made', 'previews that a network drive made'],
} as const satisfies Record<string, readonly [one: string, several: string]>;

/** What images lost with that, each as a statement about one and about several. */
const LOST_KINDS = {
  'some-boxes': [
    'image lost some of its boxes to faulty records',
    'images lost some of their boxes to faulty records',
  ],
  'all-boxes': [
    'image lost all of its boxes to faulty records; it counts as not annotated',
    'images lost all of their boxes to faulty records; they count as not annotated',
  ],
  'no-boxes': [
    'image has only annotations that give no box; it counts as not annotated',
    'images have only annotations that give no box; they count as not annotated',
  ],
} as const satisfies Record<string, readonly [one: string, several: string]>;
export type LeftKind = keyof typeof LEFT_KINDS | keyof typeof LOST_KINDS;

/** Whether it is a statement on images, and nothing that was left behind. */
export function isLoss({ kind }: Pick<LeftBehind, 'kind'>): boolean {
  return kind in LOST_KINDS;
}

/** Something that a dataset has and an import does not take over. */
export interface LeftBehind {
  kind: LeftKind;
  /** Tells apart things of a kind: the name of a column or attribute, the extension of files; or ''. */
  name: string;
  count: number;
  /** A file that has it, below what is imported; null if it has no place of its own. */
  example: string | null;
}

/** What a pass over a dataset did not take over. */
export interface Reading {
  /** By kind and name, most frequent first. */
  left: LeftBehind[];
  /** Records that were left out because they are faulty; `examples` are sentences with file, line and id. */
  skipped: { records: number; examples: string[] };
  /** What was read otherwise than it is written, in sentences. */
  notes: string[];
}

/** `3 images lost some of their boxes to faulty records`, `312 polygons (their enclosing boxes are kept)`, `40 values in the column "Notes"`, `17 files .npy`. */
export function leftWords({ kind, name, count }: LeftBehind): string {
  const [one, several] = { ...LEFT_KINDS, ...LOST_KINDS }[kind];
  const words = counted(count, one, several);
  if (name === '') return words;
  if (kind !== 'file') return `${words} ${JSON.stringify(name)}`;
  const picture = unreadByExtension(name);
  const how = picture === null ? '' : ` (${picture.name}: \`${picture.convert}\` makes a PNG of one)`;
  return `${words} ${name}${how}`;
}

export interface ImportSummary extends Reading {
  batch: string;
  source: string;
  added: number;
  unchanged: number;
  /** Recorded earlier with other bytes: listed and left out, never silently used. */
  changed: { path: string; detail: string }[];
  broken: { path: string; code: string; detail: string }[];
  /** Of the added: files whose bytes the project already had. They are no images of their own. */
  duplicates: number;
  /** Listed images that are not there; each is in `broken` too, unless it was there when it was imported. */
  missing: number;
  /** Added images with generator metadata that follows no known writer: kept as text. */
  unknownMetadata: number;
  device: string;
}

/** `1,560 files: 1,542 images added, 12 duplicate files, 6 broken files`: the parts add up to the files. */
export function importSentence({
  added,
  duplicates,
  unchanged,
  changed,
  broken,
}: Pick<ImportSummary, 'added' | 'duplicates' | 'unchanged' | 'changed' | 'broken'>): string {
  const parts: [number, string, string?][] = [
    [added - duplicates, 'image added', 'images added'],
    [duplicates, 'duplicate file'],
    [unchanged, 'imported before', 'imported before'],
    [changed.length, 'changed on disk', 'changed on disk'],
    [broken.length, 'broken file'],
  ];
  const files = added + unchanged + changed.length + broken.length;
  return `${counted(files, 'file')}: ${parts
    .filter(([count], i) => i === 0 || count > 0)
    .map(([count, one, many]) => counted(count, one, many))
    .join(', ')}`;
}

/** Imports a dataset. A stopped import continues where it was; known files are skipped. */
export const ImportInput = z.object({
  project: ProjectPath,
  by: Actor,
  /** Folder or manifest file, absolute. */
  from: z.string().min(1),
  role: RoleSchema,
  source: z.string().default('auto'),
  batch: z.string().trim().min(1).nullable().default(null),
  generator: z.string().nullable().default(null),
  generatorVersion: z.string().nullable().default(null),
  generation: z.int().nonnegative().nullable().default(null),
  parents: z.array(z.string()).default([]),
  /** Class names in the source -> in the project; null leaves the images without a label. */
  classMap: z.record(z.string(), z.string().min(1).nullable()).default({}),
  copy: z.boolean().default(false),
  /** Stop at the first faulty record instead of leaving it out. */
  strict: z.boolean().default(false),
  /** Encoding of text files, as the WHATWG names it; null tells it from the bytes. */
  encoding: z.string().nullable().default(null),
  /** Embedder pack by id or folder; the one that the project works with by default. */
  model: z.string().nullable().default(null),
  device: z.enum(DEVICE_NAMES).default('auto'),
});

/** Preview of an import, from the source's list of files without reading pixels. Nothing is written. */
export interface ImportPreview extends Reading {
  from: string;
  /** Whether the layout is understood, could mean several things (choose one of `possible`), or is not understood. */
  verdict: 'understood' | 'ambiguous' | 'not-understood';
  /** The format named or detected, and the evidence for it; null where nothing was read, and `why` says why not. */
  source: { id: string; title: string } | null;
  why: string;
  /** Every format that could read it, the detected one first. */
  possible: { id: string; title: string }[];
  files: number;
  /** Whether all of them were counted; long lists are read for ten seconds. */
  complete: boolean;
  /** Images that have a class, as their label or in a box, in the source's order, and whether the project has it. */
  classes: { name: string; files: number; known: boolean }[];
  unlabelled: number;
  /** Listed images that are not there. */
  missing: number;
  splits: { name: string; files: number }[];
  boxes: number;
  /** Number of files that the batch already has. */
  unchanged: number;
  /** An unused name for the batch, from the folder's name. */
  batch: string;
  /** The generator according to the first few hundred files. */
  generators: { name: string; files: number }[];
  /** The project's classes, to map to. */
  projectClasses: string[];
  /** The first files, as examples. */
  examples: { path: string; label: string | null }[];
  /**
   * Up to three of each class (at most 24 classes), with their boxes as parts of width and height from the left top; `rings`
   * is the outline of a polygon or mask, x, y, x, y … in such parts, coarse.
   */
  pictures: {
    /** Of the file kind `found`, until the next preview. */
    id: string;
    path: string;
    label: string | null;
    boxes: { label: string; x: number; y: number; width: number; height: number; rings: number[][] }[];
  }[];
  /** Errors that keep the source from being read, in words. */
  problems: string[];
}

export const imports = {
  preview: oc
    .input(
      z.object({
        project: ProjectPath,
        from: z.string().min(1),
        source: z.string().default('auto'),
        batch: z.string().nullable().default(null),
        strict: ImportInput.shape.strict,
        encoding: ImportInput.shape.encoding,
      }),
    )
    .output(type<ImportPreview>()),
};

import { FILE_FIELDS, valuesOf, type FieldValues, type FileField } from '../../../rpc/contract/fields.ts';
import type { GlanceOnce } from '../glance.ts';
import type { Box } from '../../base/boxes.ts';
import type { Reading } from './reading.ts';

/** One image as the dataset describes it. Nothing has been opened or checked yet. */
export interface SourceEntry extends FieldValues<FileField> {
  /** Below the root, forward slashes, as found on disk. */
  path: string;
  /** Whole-image class name; null when the dataset gives none. */
  label: string | null;
  /** Empty if somebody looked and found none; null if nobody did, or not one of its records gave a box (see ImageBoxes). */
  boxes: Box[] | null;
  /** Size in pixels that the dataset states for the image, which its boxes refer to; null if it states none. */
  stated: { width: number; height: number } | null;
}

/** What stands against reading a dataset by its tables without asking. */
export interface Doubt {
  /**
   * `several`: one of several tables must be chosen. `no-labels`: none has labels, though a column may hold them.
   * `only-names`: there is nothing in them but names of images.
   */
  kind: 'several' | 'no-labels' | 'only-names';
  files: string[];
  /** The tables, what they have, and the remedy, in sentences. */
  why: string;
}

/** A dataset layout that can be imported. One file in this folder, default-exporting `defineSource({...})`. */
export interface Source {
  id: string;
  title: string;
  /** One sentence for `--help` and the format list: what the folder looks like. */
  layout: string;
  /** Higher is tried first by `auto`, so that `metadata.jsonl` wins over the class folders around it. */
  priority: number;
  /** It reads no annotations: classes are names of folders, if anything. Detection uses it only where there are none. */
  bareFolders?: true;
  /**
   * Its tools and readers turn a picture by its EXIF orientation before anything is drawn on it: boxes are in the frame of
   * the picture as shown, also where no stated size tells.
   */
  onShown?: true;
  /**
   * Whether the folder or manifest file has this layout. Cheap: reads names and first lines only. `glance` is a look at the
   * names in the folder, which all sources share; without it a source that needs one takes its own.
   */
  detects(root: string, glance?: GlanceOnce): Promise<boolean>;
  /**
   * Lists entries in the same order every time, in bounded memory where the format allows. Tells `reading` all that it
   * meets and does not return, and every faulty record. Throws `SOURCE_UNREADABLE` with file and line when the manifest
   * as a whole cannot be read.
   */
  list(root: string, reading: Reading): AsyncIterable<SourceEntry>;
  /** What stands against taking it for the only meaning of a dataset that it reads; null where nothing does. */
  doubt?(root: string): Promise<Doubt | null>;
  /** The class names the dataset declares, in its own order (COCO categories, YOLO names); null when it declares none. */
  classes?(root: string, encoding?: string | null): Promise<string[] | null>;
}

export function defineSource(source: Source): Source {
  return source;
}

/** An entry with only the given facts; all others are null. */
export function entry(path: string, facts: Partial<SourceEntry> = {}): SourceEntry {
  return { path, label: null, boxes: null, stated: null, ...valuesOf(FILE_FIELDS, facts), ...facts };
}

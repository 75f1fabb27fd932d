import { FILE_FIELDS, valuesOf, type FieldValues, type FileField } from '../../../rpc/contract/fields.ts';
import type { Box } from '../../base/boxes.ts';

/** One image as a dataset on disk describes it, with its fields. Nothing here has been opened or trusted yet. */
export interface SourceEntry extends FieldValues<FileField> {
  /** Below the root, forward slashes, as found on disk. */
  path: string;
  /** Whole-image class name; null when the dataset gives none. */
  label: string | null;
  /** Null where the dataset has no boxes at all; an empty list where this image has none. */
  boxes: Box[] | null;
}

/** A dataset layout that can be imported. One file in this folder, default-exporting `defineSource({...})`. */
export interface Source {
  id: string;
  title: string;
  /** One sentence for `--help` and the format list: what the folder looks like. */
  layout: string;
  /** Higher is tried first by `auto`, so that `metadata.jsonl` wins over the class folders around it. */
  priority: number;
  /** Whether the folder (or manifest file) is of this layout. Cheap: looks at names and first lines only. */
  detects(root: string): Promise<boolean>;
  /**
   * Entries in an order that does not change between runs, in bounded memory where the format allows.
   * Throws `SOURCE_UNREADABLE` naming file and line when the manifest itself is broken.
   */
  list(root: string): AsyncIterable<SourceEntry>;
  /** The class names the dataset declares, in its own order (COCO categories, YOLO names); null when it declares none. */
  classes?(root: string): Promise<string[] | null>;
}

export function defineSource(source: Source): Source {
  return source;
}

/** An entry with every optional fact absent: sources fill in what they know. */
export function entry(path: string, facts: Partial<SourceEntry> = {}): SourceEntry {
  return { path, label: null, boxes: null, ...valuesOf(FILE_FIELDS, facts), ...facts };
}

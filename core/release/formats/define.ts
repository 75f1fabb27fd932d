import type { ExportedField, FieldValues } from '../../../rpc/contract/fields.ts';
import type { TaskContext } from '../../../rpc/progress.ts';
import type { ImageFormat } from '../../../imaging/types.ts';
import type { Box } from '../../base/boxes.ts';
import type { Original } from './original.ts';
import type { OutputFolder } from './output.ts';

/** Where a label comes from: the import, a review that confirmed it, or one that changed it. */
export type LabelOrigin = 'given' | 'accepted' | 'relabelled';

/** What a format may write of one image. `output.copyOriginal` copies its bytes. */
export interface ExportItem extends Original, FieldValues<ExportedField> {
  /** `<sha256>.<extension>`: the only name that is written. The original's name is data, never a path. */
  fileName: string;
  format: ImageFormat;
  bytes: number;
  width: number;
  height: number;
  label: string | null;
  givenLabel: string | null;
  origin: LabelOrigin;
  reviewer: string | null;
  /** UTC, ISO 8601. */
  decidedAt: string | null;
  role: 'real' | 'holdout' | 'synthetic';
  batch: string;
  /** As imported; `split` is another for the hold-out. */
  givenSplit: string | null;
  boxes: Box[] | null;
}

export interface ExportJob extends TaskContext {
  output: OutputFolder;
  /** In sha256 order; can be iterated again, and is read lazily to bound memory. */
  items: Iterable<ExportItem>;
  count: number;
  /** All classes of the project in its order, which COCO and YOLO number. */
  classes: string[];
  dataset: {
    name: string;
    description: string;
    licence: string;
    creator: string;
    /** UTC, ISO 8601. */
    createdAt: string;
    version: string;
    appVersion: string;
    hasBoxes: boolean;
    counts: Record<'given' | 'accepted' | 'relabelled', number>;
    /** Number of hold-out images; they are in the split `test`. */
    holdout: number;
  };
}

/** A format that training code reads. One file in this folder, default-exporting `defineExport({...})`. */
export interface Export {
  id: string;
  title: string;
  /** One sentence: what is written where. */
  layout: string;
  /** What the format cannot carry, as shown before and after an export; empty if a re-import restores everything. */
  loses: string[];
  /** The source that reads it back, or null. */
  source: string | null;
  /** Set if the number of splits does not matter because it writes no folder per split. */
  anySplits?: true;
  /** Set if it writes images of all splits together: a release with the hold-out is refused. */
  mixesSplits?: true;
  /** Three lines of Python that load the release in its usual reader, run in its folder. */
  usage?: [string, string, string];
  /** The YAML header of README.md, if the format's reader wants one. */
  header?(job: ExportJob): object;
  write(job: ExportJob): Promise<void>;
}

export function defineExport(format: Export): Export {
  return format;
}

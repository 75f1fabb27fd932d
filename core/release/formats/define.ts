import type { ExportedField, FieldValues } from '../../../rpc/contract/fields.ts';
import type { TaskContext } from '../../../rpc/progress.ts';
import type { ImageFormat } from '../../../imaging/types.ts';
import type { Box } from '../../base/boxes.ts';
import type { Original } from './original.ts';
import type { OutputFolder } from './output.ts';

/** How an exported label came to be: nobody looked, somebody confirmed it, somebody changed it. */
export type LabelOrigin = 'given' | 'accepted' | 'relabelled';

/** One image of a release: what a format may write. The original's bytes are copied by `output.copyOriginal`. */
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
  boxes: Box[] | null;
}

export interface ExportJob extends TaskContext {
  output: OutputFolder;
  /** Re-iterable, in sha256 order; read lazily so that memory stays bounded. */
  items: Iterable<ExportItem>;
  count: number;
  /** Every class of the project in its own order: indices in COCO and YOLO follow it. */
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
    synthetic: boolean;
  };
}

/** A format that training code reads. One file in this folder, default-exporting `defineExport({...})`. */
export interface Export {
  id: string;
  title: string;
  /** One sentence: what is written where. */
  layout: string;
  /** What the format cannot carry, in words shown before and after an export; empty when a re-import gives all back. */
  loses: string[];
  /** The source that reads it back, or null where nothing does. */
  source: string | null;
  /** Whether any number of splits is as good as one, because it writes no folder for each. */
  anySplits?: true;
  write(job: ExportJob): Promise<void>;
}

export function defineExport(format: Export): Export {
  return format;
}

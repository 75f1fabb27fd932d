import { counted } from '../../../rpc/format.ts';
import type { FormatLosses } from '../../../rpc/contract/catalog.ts';
import type { Basis } from '../../../rpc/contract/counts.ts';
import type { ExportedField, FieldValues } from '../../../rpc/contract/fields.ts';
import type { TaskContext } from '../../../rpc/progress.ts';
import type { LabelShare } from '../../../rpc/contract/reviews.ts';
import type { Role, Settled } from '../../../rpc/contract/terms.ts';
import type { Box } from '../../base/boxes.ts';
import type { Original } from './original.ts';
import type { OutputFolder } from './output.ts';

/** Where a label comes from: the import, a review that confirmed it, or one that changed it. */
export type LabelOrigin = 'given' | 'accepted' | 'relabelled';

/** What one person said of an image, and nobody took back. */
export interface Judgement {
  reviewer: string;
  verdict: 'accept' | 'relabel' | 'reject';
  /** The class that the image has according to it; null where it names none. */
  label: string | null;
  /** Why it was rejected. */
  reason: string | null;
  /** UTC, ISO 8601. */
  decidedAt: string;
  purpose: 'review' | 'adjudication';
  /** Number of the queue that it answers; null outside a queue. */
  queue: number | null;
  /** Whether the given label was hidden from the reviewer. */
  blind: boolean;
  /** Whether it was made on a near-duplicate, which was shown instead. */
  spread: boolean;
  /** How many items were on the screen at once, each with an answer of its own; null for one alone. */
  grid: number | null;
  /** What was added in words: of an adjudication its rationale. */
  comment: string | null;
  /** sha256 of the guideline in force then; null where none was. */
  guideline: string | null;
}

/** What a format may write of one image. `output.copyOriginal` copies its bytes; `output.readOriginal` has them. */
export interface ExportItem extends Original, FieldValues<ExportedField> {
  /** `<sha256>.<extension>`: the only name that is written. The original's name is data, never a path. */
  fileName: string;
  bytes: number;
  width: number;
  height: number;
  label: string | null;
  givenLabel: string | null;
  origin: LabelOrigin;
  basis: Basis;
  /** Who made the decision that holds. Everybody who judged is in `judgements`. */
  reviewer: string | null;
  /** UTC, ISO 8601. */
  decidedAt: string | null;
  /** How the decision that holds came about; null if none holds. */
  settled: Settled | null;
  adjudicator: string | null;
  /** Of the decision that holds: how many items were on the screen at once; null for one alone, or if none holds. */
  grid: number | null;
  /** Everything that people said of it, oldest first; also where it settled nothing. */
  judgements: Judgement[];
  /** What its annotators said of the label, in shares; null without any. */
  distribution: LabelShare[] | null;
  /** People who looked at this very image and answered, each once: judges between them do not count. */
  annotators: number;
  /** Free words that people put on it, by name. */
  tags: string[];
  role: Role;
  /** The split that the image came with. In a release the hold-out has one of its own, in `split`. */
  givenSplit: string | null;
  batch: string;
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
  };
}

/** Is shown every image of a release once, and then says in sentences, with counts, what the format changes or leaves out. */
export interface LossCounter {
  add(item: ExportItem): void;
  result(): string[];
}

/** What a counter says of so many: nothing where there are none. `rest` stands behind it, of one and of several. */
export function lossLine(count: number, one: string, several: string, rest = ''): string[] {
  return count === 0 ? [] : [counted(count, one, several) + rest];
}

export type Usage = [string, string, string];

/** A format that training code reads. One file in this folder, default-exporting `defineExport({...})`. */
export interface Export {
  id: string;
  title: string;
  /** One sentence: what is written where. */
  layout: string;
  /** What the format cannot carry, as shown before and after an export; empty if a re-import restores everything. */
  loses: FormatLosses;
  /**
   * Counts what the format cannot write of these very images, before anything is written. `hasBoxes`: whether any of them
   * was looked at for boxes.
   */
  counter?(hasBoxes: boolean): LossCounter;
  /** Set if an image gets one label and nothing else of what people said: what they said is counted as lost. */
  oneLabel?: true;
  /** The usual reader, if it saves a JPEG file anew, where it lies, unless that ends with the end marker. */
  resaves?: string;
  /** The source that reads it back, or null. */
  source: string | null;
  /** Set if the number of splits does not matter because it writes no folder per split. */
  anySplits?: true;
  /** Set if it writes images of all splits together: a release with the hold-out is refused. */
  mixesSplits?: true;
  /** Three lines of Python that load the release in its usual reader, run in its folder. */
  usage?: Usage | ((job: ExportJob) => Usage);
  /** The YAML header of README.md, if the format's reader wants one. */
  header?(job: ExportJob): object;
  write(job: ExportJob): Promise<void>;
}

/** Losses that do not depend on boxes. */
export function both(...loses: string[]): FormatLosses {
  return { withBoxes: loses, withoutBoxes: loses };
}

export function defineExport(format: Export): Export {
  return format;
}

import type { FactsRow, GenerationRow } from '../../db/queries/facts.ts';
import type { WritableStore } from '../../db/store.ts';
import type { DecodedImage, DecodeOutcome } from '../../imaging/types.ts';
import { EMBEDDED_FIELDS, valuesOf, FILE_FIELDS } from '../../rpc/contract/fields.ts';
import type { ImportSummary } from '../../rpc/contract/imports.ts';
import { recordedBox, type Box } from '../base/boxes.ts';
import type { RecordedFile } from '../ledger/events.ts';
import { rowsDigest } from '../ledger/digests.ts';
import { record } from '../ledger/ledger.ts';
import { keepEmbedded, type Embedded } from '../measure/embedding.ts';
import { fitBoxes } from './fit-boxes.ts';
import type { FitTally } from './fit-tally.ts';
import type { Naming } from './naming.ts';
import type { PictureTally } from './picture-tally.ts';
import type { SourceEntry } from './sources/define.ts';

/** A listed file, after it was looked at. */
export interface Examined {
  entry: SourceEntry;
  /** Null for a file that is in the batch already. */
  outcome: DecodeOutcome | null;
  /** What is wrong with a file that is in the batch with other bytes. */
  changed: string | null;
  times: { bytes: number; modifiedMs: number } | null;
}

interface CommitOptions {
  batch: string;
  actor: string;
  naming: Naming;
  /** Whether the source draws on pictures as they are shown (`Source.onShown`). */
  onShown: boolean;
  /** Whether originals were copied into the project. */
  copied: boolean;
  /** Fingerprint of the model that made the vectors. */
  model: string;
  /** Counts what becomes of boxes. */
  fits: FitTally;
  /** Counts what else is to be said of files. */
  pictures: PictureTally;
}

/**
 * Records files that were examined, with what their bytes gave, as one event and its rows in one transaction, and
 * counts them in the summary. `embedded` is what the model says of new images, by sha256. Files that are in the batch already are only counted.
 */
export function commitFiles(
  store: WritableStore,
  examined: Examined[],
  embedded: ReadonlyMap<string, Embedded>,
  { batch, actor, naming, copied, model, fits, pictures, onShown }: CommitOptions,
  summary: ImportSummary,
): void {
  const files: RecordedFile[] = [];
  const images: DecodedImage[] = [];
  for (const { entry, outcome, changed, times } of examined) {
    if (!outcome) {
      if (changed) summary.changed.push({ path: entry.path, detail: changed });
      else summary.unchanged += 1;
      continue;
    }
    const file = recordedFile(entry, outcome, times, copied, naming, onShown);
    files.push(file);
    fits.add(file);
    pictures.add(file);
    if (!outcome.ok) {
      summary.broken.push({ path: entry.path, code: outcome.code, detail: outcome.detail });
      continue;
    }
    summary.added += 1;
    if (outcome.metadata?.tool === 'other') summary.unknownMetadata += 1;
    if (
      store.images.idOf(outcome.sha256) !== undefined ||
      images.some((image) => image.sha256 === outcome.sha256)
    )
      summary.duplicates += 1;
    else images.push(outcome);
  }
  if (files.length === 0) return;
  const facts = images.map((image) => factsOf(image));
  const digest = images.length > 0 ? rowsDigest(facts.flat()) : undefined;
  record(store, actor, 'files.imported', { batch, files, facts: digest }, () => {
    for (const [i, [measures, generation]] of facts.entries()) {
      const imageId = store.images.idOf(images[i]!.sha256)!;
      store.facts.insertFacts({ imageId, ...measures });
      if (generation) store.facts.insertGeneration({ imageId, ...generation });
    }
    for (const [sha256, of] of embedded) keepEmbedded(store, model, store.images.idOf(sha256)!, of);
  });
}

type Unnumbered<Row extends { imageId: number }> = Omit<Row, 'imageId'>;

/** What decoding derived from an image's bytes: pixel measures, and embedded metadata if there is any. */
function factsOf(
  image: DecodedImage,
): [Unnumbered<FactsRow>] | [Unnumbered<FactsRow>, Unnumbered<GenerationRow>] {
  const measures = {
    pixelSha256: image.pixelSha256,
    signature: image.signature,
    brightnessP99: image.stats.brightnessP99,
    brightnessP5: image.stats.brightnessP5,
    entropyBits: image.stats.entropyBits,
    edgeStd: image.stats.edgeStd,
    histogramStd: image.stats.histogramStd,
    singleChannel: image.stats.singleChannel ? 1 : 0,
    greyPixels: image.stats.greyPixels ? 1 : 0,
  } as const;
  if (!image.metadata && !image.marks.digitalSourceType && !image.marks.hasC2pa) return [measures];
  const generation = storable({
    tool: image.metadata?.tool ?? null,
    ...valuesOf(EMBEDDED_FIELDS, image.metadata ?? {}),
    raw: image.metadata?.raw ?? null,
    digitalSourceType: image.marks.digitalSourceType,
    hasC2pa: image.marks.hasC2pa ? 1 : 0,
  } as const);
  return [measures, generation];
}

/** The row as the database gives it back: text from inside a file may be broken, and a number of it infinite. */
function storable<Row extends object>(row: Row): Row {
  const kept = (value: unknown): unknown => {
    if (typeof value === 'string') return value.toWellFormed();
    return typeof value === 'number' && !Number.isFinite(value) ? null : value;
  };
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, kept(value)])) as Row;
}

/** What an import records of one file. */
function recordedFile(
  entry: SourceEntry,
  outcome: DecodeOutcome,
  times: { bytes: number; modifiedMs: number } | null,
  copied: boolean,
  naming: Naming,
  onShown: boolean,
): RecordedFile {
  const label = naming.of(entry.label);
  return {
    path: entry.path,
    bytes: (outcome.ok ? outcome.bytes : times?.bytes) ?? undefined,
    modifiedMs: times?.modifiedMs,
    image: outcome.ok
      ? {
          sha256: outcome.sha256,
          format: outcome.format,
          width: outcome.width,
          height: outcome.height,
          orientation: outcome.orientation > 1 ? outcome.orientation : undefined,
          pages: outcome.pages > 1 ? outcome.pages : undefined,
          // A DICOM file, whose header names the patient, is never copied.
          copied: copied && outcome.format !== 'dicom',
          thumb: outcome.thumb ?? undefined,
        }
      : undefined,
    failure: outcome.ok ? undefined : { code: outcome.code, detail: outcome.detail },
    label: label ?? undefined,
    sourceLabel: label === entry.label ? undefined : (entry.label ?? undefined),
    ...Object.fromEntries(FILE_FIELDS.flatMap((id) => (entry[id] === null ? [] : [[id, entry[id]]]))),
    ...fittedBoxes(entry, outcome, naming, onShown),
  };
}

/** The boxes in the frame of the picture as shown, and what became of them where the dataset drew them in another. */
function fittedBoxes(
  { boxes: given, stated }: SourceEntry,
  outcome: DecodeOutcome,
  naming: Naming,
  onShown: boolean,
): Pick<RecordedFile, 'boxes' | 'frame'> {
  if (!given) return {};
  if (!outcome.ok) return { boxes: recordedBoxes(given, naming) };
  const { boxes: fitted, frame } = fitBoxes(given, stated, outcome, onShown);
  const boxes = recordedBoxes(fitted, naming);
  return boxes?.length ? { boxes, frame } : { boxes };
}

function recordedBoxes(boxes: Box[], naming: Naming): RecordedFile['boxes'] {
  return boxes.flatMap((box) => {
    const label = naming.of(box.label);
    return label === null ? [] : [recordedBox({ ...box, label })];
  });
}

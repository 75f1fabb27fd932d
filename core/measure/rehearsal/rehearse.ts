import type { WritableStore } from '../../../db/store.ts';
import type { SpoiltRow } from '../../../db/queries/rehearsal.ts';
import type { PixelStats } from '../../../imaging/types.ts';
import { counted } from '../../../rpc/format.ts';
import { inChunks, mapOrdered } from '../../base/parallel.ts';
import { randomIndex, sampleWithoutReplacement, streamOf } from '../../base/numeric/random.ts';
import { originalOf } from '../../project/originals.ts';
import type { Measured, ScoreRun } from '../block.ts';
import { CHUNK, Embedder, geometryOf } from '../embedding.ts';

/** Kinds of fault that are put into pictures, by id (imaging/faults/). Only such as the bench chooses on. */
const FAMILIES = [
  'blur',
  'dark',
  'noise',
  'jpeg-blocks',
  'torn',
  'extra-parts',
  'foreign-part',
  'text',
] as const;
type Family = (typeof FAMILIES)[number];
const TAKES_PARTS: Family = 'foreign-part';

/** Of every severity but the faintest, which nobody would call a fault. */
const LEAST_STRENGTH = 0.35;

/** A copy of an image with a fault in it, as it was measured. */
export interface SpoiltCopy {
  /** Of the image that was copied. */
  id: number;
  family: Family;
  measured: Measured;
}

interface Planned {
  id: number;
  family: Family;
  strength: number;
  /** An image that a part may be taken of. */
  other: number;
}

interface Rehearsed {
  /** By side. */
  copies: SpoiltCopy[][];
  notes: string[];
  /** Stores what is new. */
  keep: (store: WritableStore) => void;
}

/** Puts a fault into a copy of each of some images. The first ones are the same for any number of copies. */
function planCopies(ids: readonly number[], seed: number, stream: string, copies: number): Planned[] {
  const random = streamOf(seed, stream);
  const drawn = sampleWithoutReplacement(random, ids.length, copies);
  return Array.from(drawn, (row, i) => ({
    id: ids[row]!,
    family: FAMILIES[i % FAMILIES.length]!,
    strength: LEAST_STRENGTH + (1 - LEAST_STRENGTH) * random(),
    other: ids[randomIndex(random, ids.length)]!,
  }));
}

/**
 * Copies of some images, drawn by the run's seed, with a fault put into each, measured as imports measure images. What
 * was measured before by the same model under the same seed is not measured again. An image whose original cannot be
 * read, or changed, is left out.
 */
export async function rehearse(
  run: ScoreRun,
  sides: { ids: readonly number[]; stream: string; copies: number }[],
): Promise<Rehearsed> {
  const { store, model, seed, task } = run;
  const fresh: SpoiltRow[] = [];
  const found: SpoiltCopy[][] = [];
  let embedder: Embedder | null = null;
  let planned = 0;
  for (const { ids, stream, copies } of sides) {
    const plan = planCopies(ids, seed, `rehearsal ${stream}`, copies);
    planned += plan.length;
    const rowOf = new Map<Planned, SpoiltRow>();
    for (const item of plan) {
      const row = store.rehearsal.of(model, seed, item.id, item.family);
      if (row) rowOf.set(item, row);
    }
    const missing = plan.filter((item) => !rowOf.has(item));
    const decoded = mapOrdered(missing, 2 * CHUNK, async (item) => ({
      item,
      outcome: await decodeSpoilt(run, item),
    }));
    for await (const chunk of inChunks(decoded, CHUNK)) {
      task.signal.throwIfAborted();
      // A classifier may have taken the embedder's place in the process.
      embedder ??= await Embedder.load(run.inference, run.embedder, run.device);
      const good = chunk.flatMap(({ item, outcome }) => (outcome ? [{ item, outcome }] : []));
      const embedded = await embedder.embed(good.map(({ outcome }) => outcome.tensor!));
      for (const [i, { item, outcome }] of good.entries()) {
        const { stats, signature } = outcome;
        const { id: imageId, family } = item;
        const row = {
          model,
          seed,
          imageId,
          family,
          pixels: JSON.stringify(stats),
          signature,
          ...embedded[i]!,
        };
        rowOf.set(item, row);
        fresh.push(row);
      }
      task.progress({
        stage: 'measuring damaged copies',
        done: rowOf.size,
        total: plan.length,
        unit: 'images',
      });
    }
    found.push(
      plan.flatMap((item) => {
        const row = rowOf.get(item);
        return row ? [{ id: item.id, family: item.family, measured: measuredOf(row) }] : [];
      }),
    );
  }
  const unread = planned - found.flat().length;
  return {
    copies: found,
    notes:
      unread === 0
        ? []
        : [
            `${counted(unread, 'image')} could not be read again, so fewer faults were rehearsed and the chance of damage is less sure. Put the originals back, then score again.`,
          ],
    keep: (writable) => {
      for (const row of fresh) writable.rehearsal.insert(row);
    },
  };
}

const measuredOf = ({ pixels, signature, vector, patches }: SpoiltRow): Measured => ({
  pixels: JSON.parse(pixels) as PixelStats,
  signature,
  vector,
  patches,
});

/** Null where the original, or the picture that a part is taken of, is no longer what was imported. */
async function decodeSpoilt(run: ScoreRun, { id, family, strength, other }: Planned) {
  const { project, decoders, embedder, seed, store, task } = run;
  task.signal.throwIfAborted();
  const image = store.images.byId(id)!;
  const outcome = await decoders.decode({
    ...originalOf(project.objects, image),
    geometry: geometryOf(embedder),
    thumbs: null,
    objects: null,
    spoiling: {
      family,
      strength,
      key: `${seed}/${image.sha256}/${family}`,
      other: family === TAKES_PARTS ? originalOf(project.objects, store.images.byId(other)!) : null,
    },
  });
  return outcome.ok && outcome.sha256 === image.sha256 ? outcome : null;
}

import type { HomeRow } from '../../db/queries/images.ts';
import type { Store } from '../../db/store.ts';
import type { PixelStats } from '../../imaging/types.ts';
import { quantileSorted } from '../base/numeric/percentile.ts';
import type { RunFacts } from './scores/define.ts';
import type { NeighbourPool } from './pool.ts';
import type { Reference } from './reference.ts';

/** The images of a run, reduced to what fits in memory whatever their number. */
export interface Frame {
  /** Ids by role, ascending. */
  idsByRole: Record<HomeRow['role'], number[]>;
  /** Rows of the labelled real images: the seed. Its order is the seed's row order everywhere. */
  seedIds: number[];
  seedLabels: Int32Array;
  sizeQ1: number;
  sizeQ3: number;
}

/** Reads every image's role, label and size once. `classOf` maps label ids to class indices. */
export function readFrame(store: Store, classOf: Map<number, number>): Frame {
  const idsByRole: Frame['idsByRole'] = { real: [], holdout: [], synthetic: [] };
  const seedIds: number[] = [];
  const seedLabels: number[] = [];
  const sizes: number[] = [];
  for (const image of store.images.homes()) {
    idsByRole[image.role].push(image.id);
    sizes.push(Math.sqrt(image.width * image.height));
    if (image.role !== 'real' || image.labelId === null) continue;
    seedIds.push(image.id);
    seedLabels.push(classOf.get(image.labelId)!);
  }
  const ascending = Float64Array.from(sizes).sort();
  return {
    idsByRole,
    seedIds,
    seedLabels: Int32Array.from(seedLabels),
    sizeQ1: quantileSorted(ascending, 0.25),
    sizeQ3: quantileSorted(ascending, 0.75),
  };
}

/** What the scores of a run are relative to. */
export function runFacts(
  frame: Frame,
  classes: number,
  reference: Reference | null,
  pool: NeighbourPool,
): RunFacts {
  return {
    classes,
    sizeQ1: frame.sizeQ1,
    sizeQ3: frame.sizeQ3,
    noveltyScale: reference?.scale ?? Number.NaN,
    poolScale: pool.scale,
    medianNearest: pool.medianNearest,
    noveltyScaleOfClass: reference?.scaleOfClass ?? new Float64Array(classes).fill(Number.NaN),
  };
}

/** What is stored of an image's pixels. */
export function pixelFacts(store: Store, imageId: number): PixelStats & { signature: Uint8Array } {
  const facts = store.facts.facts(imageId);
  if (!facts) throw new Error(`image ${imageId} has no pixel measures`);
  return { ...facts, singleChannel: facts.singleChannel === 1, greyPixels: facts.greyPixels === 1 };
}

import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { ProjectPath, Seed } from './terms.ts';

export const LayoutInput = z.object({
  project: ProjectPath,
  layout: z.enum(['pca', 'umap']),
  seed: Seed,
});

export interface LayoutSummary {
  layout: 'pca' | 'umap';
  points: number;
  durationMs: number;
}

export const POINT_BYTES = 16;
/** Means no label in a file of points. */
export const NO_LABEL = 65_535;

/**
 * The available maps. Their points are in a file of the kind `pca` or `umap`: little-endian, `POINT_BYTES` each: x and y
 * as float32, the image number as uint32, index in `ROLES` and index in `DECISIONS` as one byte each, and the index of
 * the given label in `labels` as uint16 (`NO_LABEL` for none).
 */
export interface MapInfo {
  /** Null until computed; `stale` if images or a model were added since. */
  layouts: Record<'pca' | 'umap', { points: number; stale: boolean; version: string } | null>;
  labels: string[];
  images: number;
}

/** A place of a map where many images lie together. */
export interface MapCluster {
  /** Its densest place, in the layout's own coordinates. */
  x: number;
  y: number;
  images: number;
  /** The commonest given label and its share of the images, 0..1; null where no image has a label. */
  label: { name: string; share: number } | null;
  /** Words that tell its prompts from those of the other clusters, the most telling first. */
  words: string[];
}

export const maps = {
  info: oc.input(z.object({ project: ProjectPath })).output(type<MapInfo>()),
  /** The clusters of a map, the largest first. Throws `NOT_READY` if the layout was not computed. */
  clusters: oc.input(LayoutInput.pick({ project: true, layout: true })).output(type<MapCluster[]>()),
};

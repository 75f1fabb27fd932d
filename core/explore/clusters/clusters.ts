import type { MapCluster } from '../../../rpc/contract/maps.ts';
import { densityOf } from './density.ts';
import { hillsOf } from './hills.ts';
import { tellingWords, type WordStream } from './telling-words.ts';

const MOST_CLUSTERS = 60;
/** A cluster holds at least this share of the points, and this many. */
const LEAST_SHARE = 0.002;
const LEAST_POINTS = 8;
const MOST_WORDS = 3;
/** Some to spare, since words that the class already says are left out. */
const SPARE_WORDS = 5;

interface Placed {
  /** By point. */
  x: Float32Array;
  y: Float32Array;
  /** Image numbers. */
  ids: Uint32Array;
}

interface Said {
  /** Label of an image by its number; 0 is none. */
  label: Uint32Array;
  labels: { id: number; name: string }[];
  prompts: WordStream;
}

/** The clusters of a map, the largest first, each with its commonest class and the words that tell its prompts apart. */
export function clustersOf({ x, y, ids }: Placed, { label, labels, prompts }: Said): MapCluster[] {
  const density = densityOf(x, y);
  const peakOf = hillsOf(density);
  const sizes = new Map<number, number>();
  for (const cell of density.cellOf)
    if (cell >= 0) sizes.set(peakOf[cell]!, (sizes.get(peakOf[cell]!) ?? 0) + 1);
  const least = Math.max(LEAST_POINTS, LEAST_SHARE * ids.length);
  const peaks = [...sizes]
    .filter(([, size]) => size >= least)
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_CLUSTERS);
  const placeOf = new Map(peaks.map(([peak], place) => [peak, place]));
  const clusterOf = new Int32Array(label.length).fill(-1);
  const byLabel = peaks.map(() => new Map<number, number>());
  for (let i = 0; i < ids.length; i++) {
    const cell = density.cellOf[i]!;
    const place = cell < 0 ? undefined : placeOf.get(peakOf[cell]!);
    const id = ids[i]!;
    if (place === undefined || id >= label.length) continue;
    clusterOf[id] = place;
    const own = label[id]!;
    if (own !== 0) byLabel[place]!.set(own, (byLabel[place]!.get(own) ?? 0) + 1);
  }
  const words = tellingWords(prompts, clusterOf, peaks.length, MOST_WORDS + SPARE_WORDS);
  const nameOf = new Map(labels.map(({ id, name }) => [id, name]));
  return peaks.map(([peak, images], place) => {
    const common = [...byLabel[place]!].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0];
    const name = common && nameOf.get(common[0]);
    const said = name?.toLowerCase() ?? '';
    return {
      ...density.at(peak),
      images,
      label: common && name !== undefined ? { name, share: common[1] / images } : null,
      words: words[place]!.filter((word) => !said.includes(word)).slice(0, MOST_WORDS),
    };
  });
}

import type { LabelReport } from '../../../rpc/contract/scores.ts';

/** Images that are given as one class and predicted as another, by index of the classes. */
export interface Pair {
  given: number;
  predicted: number;
  images: number;
}

/** Every cell with images: what a filter on both classes finds; in older runs those that are surely another class only. */
export function cellsOf({ predicted, confusion }: LabelReport): Pair[] {
  if (predicted) return predicted.map(([given, taken, images]) => ({ given, predicted: taken, images }));
  return confusion.flatMap((row, given) =>
    row.flatMap((images, taken) => (images > 0 ? [{ given, predicted: taken, images }] : [])),
  );
}

/** The cells off the diagonal, the most images first. */
export function confusedPairs(cells: readonly Pair[]): Pair[] {
  return cells
    .filter(({ given, predicted }) => given !== predicted)
    .sort((a, b) => b.images - a.images || a.given - b.given || a.predicted - b.predicted);
}

/** The classes that take part in the most confusion, at most `most` of them, in their own order. */
export function mostConfused(pairs: readonly Pair[], classes: number, most: number): number[] {
  const images = new Float64Array(classes);
  for (const pair of pairs) {
    images[pair.given]! += pair.images;
    images[pair.predicted]! += pair.images;
  }
  return [...images.keys()]
    .sort((a, b) => images[b]! - images[a]! || a - b)
    .slice(0, most)
    .sort((a, b) => a - b);
}

/** Pairs of which either class contains the words, whatever their case. */
export function pairsAbout(pairs: readonly Pair[], names: readonly string[], words: string): Pair[] {
  const wanted = words.trim().toLocaleLowerCase();
  if (wanted === '') return [...pairs];
  const isMeant = names.map((name) => name.toLocaleLowerCase().includes(wanted));
  return pairs.filter(({ given, predicted }) => isMeant[given] || isMeant[predicted]);
}

// How people get labels wrong, told from small pixels alone: by classes that look alike, and as a weak model errs.
import type { Random } from '../../imaging/random.ts';

/** A picture shrunk to a few numbers, and its class. */
export interface Small {
  pixels: Float64Array;
  label: string;
}

/** A nearest-mean classifier on standardised small pixels: weak on purpose, and unlike any model of the product. */
export class WeakEye {
  readonly #means = new Map<string, Float64Array>();
  readonly #scale: Float64Array;

  constructor(real: readonly Small[]) {
    const size = real[0]!.pixels.length;
    const mean = new Float64Array(size);
    const square = new Float64Array(size);
    for (const { pixels } of real)
      pixels.forEach((value, i) => {
        mean[i]! += value / real.length;
        square[i]! += (value * value) / real.length;
      });
    this.#scale = square.map((value, i) => 1 / Math.sqrt(Math.max(1e-6, value - mean[i]! ** 2)));
    const counts = new Map<string, number>();
    for (const { pixels, label } of real) {
      const sum = this.#means.get(label) ?? new Float64Array(size);
      pixels.forEach((value, i) => (sum[i]! += value));
      this.#means.set(label, sum);
      counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    for (const [label, sum] of this.#means) sum.forEach((value, i) => (sum[i] = value / counts.get(label)!));
  }

  #distance(a: Float64Array, b: Float64Array): number {
    return a.reduce((sum, value, i) => sum + ((value - b[i]!) * this.#scale[i]!) ** 2, 0);
  }

  /** The class that looks most like this one. */
  alike(label: string): string {
    const own = this.#means.get(label)!;
    return least(this.#others(label), (other) => this.#distance(own, this.#means.get(other)!));
  }

  /** The wrong class that a picture looks most like, and by how much more than its own: above 0 is an error. */
  mistake({ pixels, label }: Small): { label: string; gain: number } {
    const wrong = least(this.#others(label), (other) => this.#distance(pixels, this.#means.get(other)!));
    const gain =
      this.#distance(pixels, this.#means.get(label)!) - this.#distance(pixels, this.#means.get(wrong)!);
    return { label: wrong, gain };
  }

  #others(label: string): string[] {
    return [...this.#means.keys()].filter((other) => other !== label).sort();
  }
}

function least<T>(items: readonly T[], cost: (item: T) => number): T {
  return items.reduce((best, item) => (cost(item) < cost(best) ? item : best));
}

/**
 * The rows that an annotator who errs as the weak eye does gets wrong, with the label given: drawn from its errors; where
 * it makes too few, those that it is nearest to.
 */
export function errsAsModel(
  eye: WeakEye,
  pictures: readonly Small[],
  count: number,
  random: Random,
): Map<number, string> {
  const mistakes = pictures.map((picture, row) => ({ row, ...eye.mistake(picture) }));
  const errors = random.shuffle(mistakes.filter(({ gain }) => gain > 0));
  const near = mistakes.filter(({ gain }) => gain <= 0).sort((a, b) => b.gain - a.gain);
  return new Map([...errors, ...near].slice(0, count).map(({ row, label }) => [row, label]));
}

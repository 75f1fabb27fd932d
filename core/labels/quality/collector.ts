import { mulberry32, type Random } from '../../base/numeric/random.ts';
import { topClass } from '../crowd/crowd.ts';
import type { Labelled } from './labelled.ts';

/** Probabilities kept at most, 8 bytes each; beyond it a random sample of the images stands for all. */
const MOST_VALUES = 16_000_000;

/** Gathers labelled images while a run scores them: all of them, or a uniform sample of fixed size (reservoir). */
export class LabelledCollector {
  readonly #classes: number;
  readonly #most: number;
  readonly #rows: Float64Array[] = [];
  readonly #given: number[] = [];
  readonly #random: Random;
  /** Images by `given * classes + most probable class`. */
  readonly #cells = new Map<number, number>();
  /** Labelled images seen. */
  seen = 0;

  constructor(classes: number, seed: number, mostValues = MOST_VALUES) {
    this.#classes = classes;
    this.#most = Math.max(1, Math.floor(mostValues / classes));
    this.#random = mulberry32(seed);
  }

  /** Takes an image's probabilities and its given class. Images without either are not offered. */
  add(probabilities: Float64Array, given: number): void {
    this.seen++;
    const cell = given * this.#classes + topClass(probabilities, 0, this.#classes);
    this.#cells.set(cell, (this.#cells.get(cell) ?? 0) + 1);
    if (this.#rows.length < this.#most) {
      this.#rows.push(probabilities.slice());
      this.#given.push(given);
      return;
    }
    const place = Math.floor(this.#random() * this.seen);
    if (place >= this.#most) return;
    this.#rows[place] = probabilities.slice();
    this.#given[place] = given;
  }

  /** Images by given and most probable class, of all that were seen; by given, then predicted class. */
  predicted(): [given: number, predicted: number, images: number][] {
    return [...this.#cells]
      .sort(([a], [b]) => a - b)
      .map(([cell, images]) => [Math.floor(cell / this.#classes), cell % this.#classes, images]);
  }

  labelled(): Labelled {
    const probabilities = new Float64Array(this.#rows.length * this.#classes);
    this.#rows.forEach((row, i) => probabilities.set(row, i * this.#classes));
    return { classes: this.#classes, probabilities, given: Int32Array.from(this.#given) };
  }
}

import { countAtMost } from '../base/numeric/percentile.ts';
import { randomIndex, sampleWithoutReplacement, streamOf } from '../base/numeric/random.ts';

/** A check of the reviewer: an image with a known label, and the label it is shown with. */
export interface GoldItem {
  imageId: number;
  known: number;
  /** Null in a blind queue. */
  shown: number | null;
}

/** What stands at a position of a reviewer's order. */
export interface Place {
  imageId: number;
  /** Null for an ordinary item. */
  gold: GoldItem | null;
  /** Index among the ordinary items; of a gold item that of the next one, or of the last. */
  item: number;
}

export interface OrderFacts {
  /** Images of the queue's items, in its order. */
  items: Int32Array;
  pool: { imageId: number; labelId: number }[];
  goldRate: number;
  blind: boolean;
  /** Every class that the project had when the queue was filled. */
  classes: number[];
  /** Of the queue. */
  seed: number;
  queue: number;
}

/** How many gold items go with `items` ordinary ones to make up a share `rate` of everything shown. */
export function goldCount(items: number, rate: number): number {
  return rate === 0 || items === 0 ? 0 : Math.max(1, Math.round((items * rate) / (1 - rate)));
}

/**
 * One reviewer's own order of a queue: the queue's order with gold items mixed in. Which of the pool, where, and under
 * which label follows from the queue's seed and the reviewer's name alone, so it is the same after a restart, and is
 * stored nowhere. One gold item lies at a random place of each equal stretch of the order, so that somebody who stops
 * early has met a fair share, and counting does not find them. Half of them, at random, are shown with a wrong class.
 */
export class ReviewOrder {
  readonly #items: Int32Array;
  readonly #places: Int32Array;
  readonly #gold: GoldItem[];
  readonly #goldAt = new Map<number, number>();
  readonly total: number;

  constructor(facts: OrderFacts, reviewer: string) {
    const random = streamOf(facts.seed, `gold ${facts.queue} ${reviewer}`);
    const wanted = Math.min(facts.pool.length, goldCount(facts.items.length, facts.goldRate));
    this.#items = facts.items;
    this.total = facts.items.length + wanted;
    this.#gold = Array.from(sampleWithoutReplacement(random, facts.pool.length, wanted), (row) => {
      const { imageId, labelId } = facts.pool[row]!;
      const others = facts.classes.filter((label) => label !== labelId);
      const wrong = random() < 0.5 && others.length > 0;
      const label = wrong ? others[randomIndex(random, others.length)]! : labelId;
      return { imageId, known: labelId, shown: facts.blind ? null : label };
    });
    const stretch = this.total / wanted;
    this.#places = Int32Array.from(this.#gold, (_, i) => {
      const first = Math.ceil(i * stretch);
      return first + randomIndex(random, Math.ceil((i + 1) * stretch) - first);
    });
    this.#gold.forEach(({ imageId }, i) => this.#goldAt.set(imageId, i));
  }

  get gold(): readonly GoldItem[] {
    return this.#gold;
  }

  /** What stands at a position from 0 to total - 1. */
  at(position: number): Place {
    const before = countAtMost(this.#places, position - 1);
    const item = Math.min(position - before, this.#items.length - 1);
    const gold = this.#places[before] === position ? this.#gold[before]! : null;
    return { imageId: gold?.imageId ?? this.#items[item]!, gold, item };
  }

  /** The position of the i-th ordinary item. */
  positionOfItem(index: number): number {
    // The gold items before it are those whose place leaves room for fewer than index + 1 ordinary ones before them.
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#places[middle]! - middle <= index) low = middle + 1;
      else high = middle;
    }
    return index + low;
  }

  /** The gold item of an image, with its position; undefined if the image is not gold in this order. */
  goldOf(imageId: number): (GoldItem & { position: number }) | undefined {
    const i = this.#goldAt.get(imageId);
    return i === undefined ? undefined : { ...this.#gold[i]!, position: this.#places[i]! };
  }
}

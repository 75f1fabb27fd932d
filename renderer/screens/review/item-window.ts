import { ITEMS_AHEAD, type ReviewItem } from '../../../rpc/contract/reviews.ts';

type Fetch = (from: number, count: number) => Promise<ReviewItem[]>;

/** Items asked for at once, and how many ahead of the present one are there before it is reached. */
const WINDOW = 12;
const AHEAD = ITEMS_AHEAD - WINDOW;
const BEHIND = 9;
/** The most that the contract gives at once: for looking through many. */
const SCAN = 50;
const KEPT_AROUND = 120;

/** The part of a reviewer's order that is in memory: a few items ahead, and those just passed. */
export class ItemWindow {
  readonly #fetch: Fetch;
  readonly #total: number;
  readonly #items = new Map<number, ReviewItem>();
  #coming: Promise<unknown> | null = null;

  constructor(fetch: Fetch, total: number) {
    this.#fetch = fetch;
    this.#total = total;
  }

  at(position: number): ReviewItem | undefined {
    return this.#items.get(position);
  }

  /** The item, fetched where it is not there yet; undefined outside the order. */
  async load(position: number): Promise<ReviewItem | undefined> {
    if (position < 0 || position >= this.#total) return undefined;
    if (!this.#items.has(position)) await this.#coming;
    if (!this.#items.has(position)) await this.#get(position, WINDOW);
    return this.at(position);
  }

  /** The item as the core has it now. */
  async reload(position: number): Promise<ReviewItem | undefined> {
    await this.#get(position, 1);
    return this.at(position);
  }

  /** Sees to it that the next items, and a few before, are there; forgets those far away. */
  prefetch(position: number): void {
    for (const known of this.#items.keys())
      if (Math.abs(known - position) > KEPT_AROUND) this.#items.delete(known);
    if (this.#coming) return;
    const isMissing = (at: number) => at >= 0 && at < this.#total && !this.#items.has(at);
    const before = Math.max(position - BEHIND, 0);
    let from = position + 1;
    while (this.#items.has(from)) from++;
    if (from > position + AHEAD || !isMissing(from)) from = before;
    if (!isMissing(from)) return;
    this.#coming = this.#get(from, WINDOW)
      .then(
        () => true,
        // Met again, and shown, when the item itself is asked for.
        () => false,
      )
      .then((arrived) => {
        this.#coming = null;
        if (arrived) this.prefetch(position);
      });
  }

  /** Forgets all items: their order has changed. */
  clear(): void {
    this.#items.clear();
  }

  /**
   * Asks anew for what comes after a position: the order has changed. Items that stand elsewhere now are replaced; the
   * one at the position stays as it is, since it is being looked at.
   */
  async reordered(position: number): Promise<void> {
    for (const known of this.#items.keys())
      if (known < position - BEHIND || known > position + ITEMS_AHEAD) this.#items.delete(known);
    try {
      if (position + 1 < this.#total) await this.#get(position + 1, ITEMS_AHEAD);
    } catch {
      // Met again, and shown, when the items themselves are asked for.
    }
  }

  answered(position: number, answer: ReviewItem['answer']): void {
    const item = this.#items.get(position);
    if (item) this.#items.set(position, { ...item, answer });
  }

  /** The first item from `from` on (or backwards) that passes; null when there is none. */
  async find(test: (item: ReviewItem) => boolean, from: number, step: 1 | -1 = 1): Promise<number | null> {
    for (let position = from; position >= 0 && position < this.#total; position += step) {
      if (!this.#items.has(position)) await this.#coming;
      if (!this.#items.has(position))
        await this.#get(step === 1 ? position : Math.max(position - SCAN + 1, 0), SCAN);
      const item = this.#items.get(position);
      if (item && test(item)) return position;
    }
    return null;
  }

  async #get(from: number, count: number): Promise<void> {
    for (const item of await this.#fetch(from, Math.min(count, this.#total - from)))
      this.#items.set(item.position, item);
  }
}

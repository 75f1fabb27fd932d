/**
 * A small seeded generator of random numbers: mulberry32 for uniforms, Box-Muller for normals.
 * Two generators made from the same key give the same numbers, so every image owns one and depends on no other.
 */
export class Random {
  /** One cell of a typed array, because a plain field would box each new state on the heap. */
  readonly #state: Int32Array;
  #spare: number | null = null;

  /** `key` names what the numbers are for, for example `[seed, 'synthetic', 12]`. */
  constructor(...key: (string | number)[]) {
    this.#state = Int32Array.of(hashText(key.join('/')));
  }

  /** Uniform in [0, 1): mulberry32 by Tommy Ettinger, public domain. */
  next(): number {
    const state = (this.#state[0]! + 0x6d2b79f5) | 0;
    this.#state[0] = state;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  uniform(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number in [0, count). */
  integer(count: number): number {
    return Math.floor(this.next() * count);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A standard normal deviate out of 16,384 ready-made ones: for pixels, where speed matters more than tails. */
  grain(): number {
    return GRAIN[this.integer(GRAIN.length)] as number;
  }

  /** One entry of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.integer(list.length)] as T;
  }

  /** Standard normal deviate (Box-Muller, both halves used). */
  normal(): number {
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    const angle = 2 * Math.PI * this.next();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Fisher-Yates, on a copy. */
  shuffle<T>(list: readonly T[]): T[] {
    const shuffled = [...list];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
    }
    return shuffled;
  }
}

/** FNV-1a over UTF-16 units, finished with MurmurHash3's mixer so that neighbouring keys share no bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

const GRAIN = grainTable();

function grainTable(): Float32Array {
  const random = new Random('grain');
  return Float32Array.from({ length: 16_384 }, () => random.normal());
}

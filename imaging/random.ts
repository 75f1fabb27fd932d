/**
 * A small seeded random number generator: sfc32 for uniforms, Box-Muller for normals. Two with the same key yield the
 * same numbers, so every image has its own and depends on no other. The seed is 64 bits of the key's hash: with the 32
 * bits of simpler generators, two of 20,000 images would too often share a seed, and so a picture.
 */
export class Random {
  /** Cells of a typed array, because plain fields would box each new state on the heap. */
  readonly #state: Int32Array;
  #spare: number | null = null;

  /** `key` identifies the use of the numbers, for example `[seed, 'synthetic', 12]`. */
  constructor(...key: (string | number)[]) {
    const text = key.join('/');
    this.#state = Int32Array.of(hashText(text, 0x811c9dc5), hashText(text, 0x050c5d1f), 0x2545f491, 1);
    for (let i = 0; i < 12; i++) this.#bits();
  }

  /** 32 random bits as an unsigned number: sfc32 by Chris Doty-Humphrey (PractRand), public domain. */
  #bits(): number {
    const state = this.#state;
    const b = state[1]!;
    const c = state[2]!;
    const count = state[3]!;
    const result = (state[0]! + b + count) | 0;
    state[0] = b ^ (b >>> 9);
    state[1] = (c + (c << 3)) | 0;
    state[2] = ((c << 21) | (c >>> 11)) + result;
    state[3] = count + 1;
    return result >>> 0;
  }

  /** Uniform in [0, 1). */
  next(): number {
    return this.#bits() / 4294967296;
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

  /** A standard normal deviate from 16,384 precomputed ones: for pixels, where speed matters more than tails. */
  grain(): number {
    return GRAIN[this.#bits() >>> 18] as number;
  }

  /** One entry of a non-empty list. */
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

/** FNV-1a over UTF-16 units from the given start, finished with MurmurHash3's mixer so that neighbouring keys differ. */
function hashText(text: string, start: number): number {
  let hash = start;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

const GRAIN = grainTable();

function grainTable(): Float32Array {
  const random = new Random('grain');
  return Float32Array.from({ length: 2 ** 14 }, () => random.normal());
}

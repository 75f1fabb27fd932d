/** A stream of numbers in [0, 1). The same seed gives the same stream on every machine. */
export type Random = () => number;

/** The mulberry32 generator: 32 bits of state, seeded by any integer (taken modulo 2^32). */
export function mulberry32(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** One draw from N(0, 1) by Box-Muller (cosine branch), which takes two numbers from the stream. */
export function gaussian(random: Random): number {
  const u = Math.max(random(), 1e-12);
  const v = random();
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
}

/** A whole number in 0..bound-1. */
export function randomIndex(random: Random, bound: number): number {
  return Math.floor(random() * bound);
}

/**
 * `size` of the numbers 0..n-1 without replacement, every subset and every order equally likely (the first `size`
 * steps of Fisher-Yates), so that any prefix of the answer is itself a simple random sample.
 */
export function sampleWithoutReplacement(random: Random, n: number, size: number): Int32Array {
  const items = Int32Array.from({ length: n }, (_, i) => i);
  const count = Math.min(size, n);
  for (let i = 0; i < count; i++) {
    const j = i + randomIndex(random, n - i);
    const held = items[i]!;
    items[i] = items[j]!;
    items[j] = held;
  }
  return items.slice(0, count);
}

/** An independent stream per purpose, so that one recorded seed serves every draw of a run. */
export function streamOf(seed: number, purpose: string): Random {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < purpose.length; i++) hash = Math.imul(hash ^ purpose.charCodeAt(i), 0x01000193);
  return mulberry32(hash);
}

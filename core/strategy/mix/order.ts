import { randomIndex, sampleWithoutReplacement, streamOf, type Random } from '../../base/numeric/random.ts';

/**
 * Which places of an epoch are real: place i if (i x real + phase) mod images < real. Such a sequence is balanced (a
 * mechanical word, Morse and Hedlund 1940): any two windows of the same length differ by at most one real image, so
 * every window of b has floor(b x real / images) of them or one more. It is balanced across the end too, where the next
 * epoch begins.
 */
export function realPlaces(images: number, real: number, phase: number): Uint8Array {
  return Uint8Array.from({ length: images }, (_, i) => Number((i * real + phase) % images < real));
}

/**
 * How often each of `members` is drawn so that they are drawn `draws` times together: equally often, and by chance once
 * more for as many as that leaves.
 */
function timesOf(members: number, draws: number, random: Random): Int32Array {
  const times = new Int32Array(members).fill(Math.floor(draws / Math.max(1, members)));
  for (const at of sampleWithoutReplacement(random, members, members === 0 ? 0 : draws % members))
    times[at]!++;
  return times;
}

/**
 * An order by chance of images that are drawn several times each, with the draws of one spread evenly: the j-th of m
 * falls by chance into the j-th of m equal parts. Returns a position in `times` for each draw.
 */
export function spread(times: Int32Array, random: Random): Int32Array {
  const draws = times.reduce((sum, each) => sum + each, 0);
  const [image, key] = [new Int32Array(draws), new Float64Array(draws)];
  let at = 0;
  for (const [member, count] of times.entries())
    for (let j = 0; j < count; j++) {
      image[at] = member;
      key[at++] = (j + random()) / count;
    }
  const order = Int32Array.from(image.keys()).sort((a, b) => key[a]! - key[b]! || a - b);
  return order.map((draw) => image[draw]!);
}

/** Images of one role, by the stratum that each is in, and what is drawn of each stratum. */
export interface RoleDraws {
  /** Ids of images, by stratum. */
  members: readonly (readonly number[])[];
  draws: readonly number[];
}

/** The ids of an epoch in its order, the same for the same pools and seed. */
export function orderOf(real: RoleDraws, synthetic: RoleDraws, seed: number): Int32Array {
  const [reals, synthetics] = [sequenceOf(real, seed, 'real'), sequenceOf(synthetic, seed, 'synthetic')];
  const images = reals.length + synthetics.length;
  const phase = images === 0 ? 0 : randomIndex(streamOf(seed, 'mix phase'), images);
  const order = new Int32Array(images);
  let [r, s] = [0, 0];
  for (const [place, isReal] of realPlaces(images, reals.length, phase).entries())
    order[place] = isReal ? reals[r++]! : synthetics[s++]!;
  return order;
}

function sequenceOf({ members, draws }: RoleDraws, seed: number, role: string): Int32Array {
  const ids = Int32Array.from(members.flat());
  const times = new Int32Array(ids.length);
  let at = 0;
  for (const [stratum, own] of members.entries()) {
    times.set(timesOf(own.length, draws[stratum]!, streamOf(seed, `mix ${role} ${stratum}`)), at);
    at += own.length;
  }
  return spread(times, streamOf(seed, `mix order ${role}`)).map((member) => ids[member]!);
}

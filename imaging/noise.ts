/** Value noise on an integer lattice, smoothly interpolated: 0..1, the same for the same place and salt. */
export function valueNoise(x: number, y: number, salt: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const u = smooth(x - column);
  const v = smooth(y - row);
  const left = Math.imul(column, COLUMN) ^ Math.imul(salt, SALT);
  const right = Math.imul(column + 1, COLUMN) ^ Math.imul(salt, SALT);
  const upper = Math.imul(row, ROW);
  const lower = Math.imul(row + 1, ROW);
  const top = lattice(left ^ upper) * (1 - u) + lattice(right ^ upper) * u;
  const bottom = lattice(left ^ lower) * (1 - u) + lattice(right ^ lower) * u;
  return top * (1 - v) + bottom * v;
}

/** Sums octaves of value noise, each twice as fine and half as strong, scaled to 0..1. */
export function fractalNoise(x: number, y: number, salt: number, octaves: number): number {
  let sum = 0;
  let weight = 0;
  for (let octave = 0; octave < octaves; octave++) {
    const scale = 1 << octave;
    sum += valueNoise(x * scale, y * scale, salt + octave * 101) / scale;
    weight += 1 / scale;
  }
  return sum / weight;
}

/** Smooth step: 0 below `low`, 1 above `high`, a cubic between. */
export function smoothstep(low: number, high: number, value: number): number {
  const t = (value - low) / (high - low);
  return t <= 0 ? 0 : t >= 1 ? 1 : smooth(t);
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}

/** Odd multipliers that spread neighbouring coordinates over all 32 bits. */
const COLUMN = 0x27d4eb2d;
const ROW = 0x165667b1;
const SALT = 0x9e3779b1;

/** Hashes mixed coordinates to 0..1: the upper 24 bits of one round of MurmurHash3's finaliser. */
function lattice(mixed: number): number {
  const hash = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 8) / 16777216;
}

// A second renderer with another look than the sample's: solids met by rays, in plain colours on a floor.
import type { Random } from '../../../imaging/random.ts';
import type { DrawnWorld } from './define.ts';

type Vec = readonly [number, number, number];
/** Distance from a point to a solid's surface. */
type Solid = (x: number, y: number, z: number) => number;

const SIZE = 104;
const STEPS = 40;
const FAR = 12;

const ball =
  (cx: number, cy: number, cz: number, r: number): Solid =>
  (x, y, z) =>
    Math.hypot(x - cx, y - cy, z - cz) - r;
const block = (cx: number, cy: number, cz: number, a: number, b: number, c: number, round = 0.05): Solid => {
  return (x, y, z) => {
    const qx = Math.abs(x - cx) - a;
    const qy = Math.abs(y - cy) - b;
    const qz = Math.abs(z - cz) - c;
    return (
      Math.hypot(Math.max(qx, 0), Math.max(qy, 0), Math.max(qz, 0)) +
      Math.min(0, Math.max(qx, qy, qz)) -
      round
    );
  };
};
/** Upright, from y0 to y1, its radius going from r0 to r1. */
const tapered = (cx: number, cz: number, y0: number, y1: number, r0: number, r1: number): Solid => {
  return (x, y, z) => {
    const t = Math.min(1, Math.max(0, (y - y0) / (y1 - y0)));
    const outside = Math.hypot(x - cx, z - cz) - (r0 + (r1 - r0) * t);
    return Math.max(outside, y0 - y, y - y1) * 0.8;
  };
};
const hoop =
  (cy: number, R: number, r: number, upright = false): Solid =>
  (x, y, z) =>
    upright ? Math.hypot(Math.hypot(x, y - cy) - R, z) - r : Math.hypot(Math.hypot(x, z) - R, y - cy) - r;
const union =
  (...parts: Solid[]): Solid =>
  (x, y, z) => {
    let least = FAR;
    for (const part of parts) least = Math.min(least, part(x, y, z));
    return least;
  };

const THINGS: Record<string, (r: Random) => Solid> = {
  ball: (r) => ball(0, 0.8, 0, r.uniform(0.7, 0.95)),
  egg: (r) => {
    const squash = r.uniform(0.62, 0.8);
    return (x, y, z) => (Math.hypot(x / squash, y - 0.9, z / squash) - 0.95) * squash;
  },
  cube: (r) => block(0, 0.7, 0, r.uniform(0.5, 0.65), 0.6, r.uniform(0.5, 0.65)),
  slab: (r) => block(0, 0.35, 0, r.uniform(0.8, 0.95), r.uniform(0.2, 0.32), r.uniform(0.5, 0.7)),
  cylinder: (r) => tapered(0, 0, 0, r.uniform(1.3, 1.7), r.uniform(0.5, 0.7), r.uniform(0.5, 0.7)),
  cone: (r) => tapered(0, 0, 0, r.uniform(1.4, 1.8), r.uniform(0.7, 0.9), 0.03),
  ring: (r) => hoop(0.3, r.uniform(0.65, 0.8), r.uniform(0.2, 0.3)),
  hoop: (r) => hoop(0.95, r.uniform(0.65, 0.75), r.uniform(0.14, 0.22), true),
  dumbbell: (r) => {
    const size = r.uniform(0.38, 0.5);
    return union(ball(-0.75, size, 0, size), ball(0.75, size, 0, size), block(0, size, 0, 0.7, 0.08, 0.08));
  },
  table: (r) => {
    const high = r.uniform(0.8, 1.1);
    const legs = [-0.65, 0.65].flatMap((x) =>
      [-0.4, 0.4].map((z) => block(x, high / 2, z, 0.04, high / 2, 0.04)),
    );
    return union(block(0, high, 0, 0.8, 0.05, 0.55), ...legs);
  },
};

function march(solid: Solid, from: Vec, to: Vec): number {
  let t = 0;
  for (let i = 0; i < STEPS && t < FAR; i++) {
    const d = solid(from[0] + to[0] * t, from[1] + to[1] * t, from[2] + to[2] * t);
    if (d < 0.004) return t;
    t += d;
  }
  return Infinity;
}

function unit([x, y, z]: Vec): Vec {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}

export const solids: DrawnWorld = {
  classes: Object.keys(THINGS),
  size: SIZE,
  draw(name, generated, random) {
    const shape = THINGS[name]!(random);
    const turn = random.uniform(0, Math.PI * 2);
    const [ct, st] = [Math.cos(turn), Math.sin(turn)];
    const solid: Solid = (x, y, z) => shape(x * ct - z * st, y, x * st + z * ct);
    const eye: Vec = [random.uniform(-0.5, 0.5), random.uniform(1.6, 2.8), random.uniform(-4.6, -3.8)];
    const tint = (bright: number): Vec => [
      random.uniform(0.15, 1) * bright,
      random.uniform(0.15, 1) * bright,
      random.uniform(0.15, 1) * bright,
    ];
    const paint = tint(generated ? 1 : 0.8);
    const floor = tint(0.9);
    const tiles = random.chance(0.5) ? random.uniform(1, 2.5) : 0;
    const sun = unit([random.uniform(-1, 1), random.uniform(0.8, 1.6), random.uniform(-1, -0.2)]);
    const gloss = random.uniform(0, generated ? 0.7 : 0.35);
    const ambient = generated ? 0.42 : 0.3;
    const down = unit([-eye[0], 0.7 - eye[1], -eye[2]]);
    const side = unit([down[2], 0, -down[0]]);
    const up: Vec = [
      down[1] * side[2] - down[2] * side[1],
      down[2] * side[0] - down[0] * side[2],
      down[0] * side[1] - down[1] * side[0],
    ];
    const rgb = new Uint8Array(SIZE * SIZE * 3);
    for (let row = 0; row < SIZE; row++)
      for (let column = 0; column < SIZE; column++) {
        const u = (column / SIZE - 0.5) * 0.82;
        const v = (0.5 - row / SIZE) * 0.82;
        const ray = unit([
          down[0] + u * side[0] + v * up[0],
          down[1] + u * side[1] + v * up[1],
          down[2] + u * side[2] + v * up[2],
        ]);
        const hit = march(solid, eye, ray);
        const ground = ray[1] < 0 ? -eye[1] / ray[1] : Infinity;
        const t = Math.min(hit, ground);
        const p: Vec = [eye[0] + ray[0] * t, eye[1] + ray[1] * t, eye[2] + ray[2] * t];
        let colour: Vec = [0.75, 0.8, 0.86];
        let light = 1;
        let shine = 0;
        if (hit < ground) {
          const e = 0.005;
          const normal = unit([
            solid(p[0] + e, p[1], p[2]) - solid(p[0] - e, p[1], p[2]),
            solid(p[0], p[1] + e, p[2]) - solid(p[0], p[1] - e, p[2]),
            solid(p[0], p[1], p[2] + e) - solid(p[0], p[1], p[2] - e),
          ]);
          const facing = normal[0] * sun[0] + normal[1] * sun[1] + normal[2] * sun[2];
          colour = paint;
          light = ambient + (1 - ambient) * Math.max(0, facing);
          shine = gloss * Math.max(0, facing) ** 24;
        } else if (ground < FAR) {
          const dark = tiles > 0 && ((Math.floor(p[0] * tiles) + Math.floor(p[2] * tiles)) & 1) === 1;
          colour = dark ? [floor[0] * 0.6, floor[1] * 0.6, floor[2] * 0.6] : floor;
          const shadow = march(solid, [p[0], 0.02, p[2]], sun) < FAR ? 0.45 : 1;
          light = ambient + (1 - ambient) * 0.8 * shadow;
        }
        for (let c = 0; c < 3; c++)
          rgb[(row * SIZE + column) * 3 + c] = Math.min(255, 255 * (colour[c]! * light + shine));
      }
    return rgb;
  },
};

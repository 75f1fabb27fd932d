import { metal } from './materials.ts';
import type { Random } from '../imaging/random.ts';
import { box, capsule, dome, norm, plate, triangleWave, type Part, type SurfaceSample } from './shape.ts';

interface Thread {
  start: number;
  radius: number;
  depth: number;
  pitch: number;
}

/** A threaded rod from `top` to y = 1, with a chamfered tip. */
function rod(x: number, y: number, top: number, thread: Thread, out: SurfaceSample): void {
  const cut = y > thread.start ? 1 - triangleWave((y + 0.22 * x) / thread.pitch) : 0;
  const tip = Math.max(0, y - 1 + thread.radius * 0.5) * 0.7;
  const radius = thread.radius - thread.depth * cut - tip;
  out.distance = Math.max(Math.abs(x) - radius, top - y, y - 1);
  out.height = dome(x, radius);
}

/** Bolt seen from the side: three facets of its hexagon head, a shank, a fine thread. */
export function hexBolt(random: Random): Part {
  const radius = random.uniform(0.24, 0.31);
  const head = radius * random.uniform(1.65, 1.9);
  const top = -1 + radius * random.uniform(1.1, 1.5);
  const washerFace = random.chance(0.4) ? radius * 0.3 : 0;
  const thread: Thread = {
    start: random.uniform(-0.5, 0.25),
    radius,
    depth: radius * random.uniform(0.1, 0.17),
    pitch: random.uniform(0.07, 0.1),
  };
  return {
    materials: [metal(random, ['steel', 'galvanised', 'zinc-plated', 'black-oxide'])],
    surface(out) {
      const { x, y } = out;
      out.material = 0;
      rod(x, y, top, thread, out);
      const side = Math.abs(x);
      const corner = (side - head - (1 + y) + radius * 0.25) * 0.7;
      const facets = Math.max(side - head, -1 - y, y - top, corner);
      if (facets < out.distance) {
        out.distance = facets;
        out.height = head * (0.866 - 1.732 * Math.max(0, side / head - 0.5)) + radius * 0.2;
      }
      const collar = box(x, y - top, head * 1.22, washerFace / 2);
      if (washerFace > 0 && collar < out.distance) {
        out.distance = collar;
        out.height = dome(x, head * 1.22);
      }
    },
  };
}

/** Wood screw seen from the side: countersunk or pan head, a coarse thread, a point. */
export function woodScrew(random: Random): Part {
  const radius = random.uniform(0.2, 0.26);
  const head = radius * random.uniform(1.9, 2.2);
  const headLength = radius * random.uniform(1.1, 1.6);
  const pan = random.chance(0.4);
  const pitch = random.uniform(0.12, 0.17);
  const start = random.uniform(-0.65, -0.2);
  const point = random.uniform(0.45, 0.65);
  return {
    materials: [metal(random, ['zinc-plated', 'zinc-plated', 'brass', 'steel', 'black-oxide'])],
    surface(out) {
      const { x, y } = out;
      out.material = 0;
      const taper = y < point ? 1 - 0.12 * (y + 1) : (1 - 0.12 * (point + 1)) * ((1 - y) / (1 - point));
      const ridge = y > start ? triangleWave((y + 0.3 * x) / pitch) ** 2 : 0.5;
      const core = y > start ? 0.6 : 0.66;
      const shaft = radius * Math.max(0, taper) * (core + (1 - core) * ridge);
      out.distance = Math.max(Math.abs(x) - shaft, -1 - y, y - 1);
      out.height = dome(x, shaft);
      const depth = (y + 1) / headLength;
      const width = pan
        ? head * Math.sqrt(Math.max(0, 1 - (1 - Math.min(1, depth)) ** 2))
        : head - (head - radius * 0.66) * Math.max(0, depth);
      const cap = Math.max((Math.abs(x) - width) * 0.75, -1 - y, y + 1 - headLength);
      if (cap < out.distance) {
        out.distance = cap;
        out.height = dome(x, width);
      }
    },
  };
}

/** Eye bolt: a ring on a threaded rod. */
export function eyeBolt(random: Random): Part {
  const radius = random.uniform(0.13, 0.18);
  const tube = random.uniform(0.11, 0.15);
  const ring = random.uniform(0.34, 0.42);
  const centre = -1 + ring + tube;
  const top = centre + ring;
  const collar = random.chance(0.6) ? radius * random.uniform(1.5, 2) : 0;
  const thread: Thread = {
    start: random.uniform(top, top + 0.5),
    radius,
    depth: radius * random.uniform(0.12, 0.2),
    pitch: random.uniform(0.08, 0.11),
  };
  return {
    materials: [metal(random, ['steel', 'galvanised', 'zinc-plated', 'black-oxide'])],
    surface(out) {
      const { x, y } = out;
      out.material = 0;
      rod(x, y, top, thread, out);
      const offset = Math.abs(norm(x, y - centre) - ring);
      if (offset - tube < out.distance) {
        out.distance = offset - tube;
        out.height = dome(offset, tube);
      }
      const flange = box(x, y - top - tube, collar, radius * 0.3);
      if (collar > 0 && flange < out.distance) {
        out.distance = flange;
        out.height = dome(x, collar);
      }
    },
  };
}

/** Coil spring from the side: front strands over back strands; some end in hooks. */
export function spring(random: Random): Part {
  const hooks = random.chance(0.35);
  const turns = 5 + random.integer(5);
  const half = hooks ? 0.62 : 0.93;
  const radius = random.uniform(0.38, 0.5);
  const wire = Math.min(random.uniform(0.055, 0.085), (0.42 * half) / turns + 0.02);
  const step = half / turns;
  const last = turns * 2 - 1;
  const hook = radius * 0.6;
  return {
    materials: [metal(random, ['steel', 'galvanised', 'black-oxide', 'copper', 'zinc-plated'])],
    surface(out) {
      const { x, y } = out;
      out.material = 0;
      out.distance = Infinity;
      out.height = 0;
      const bulge = dome(x, radius) * 0.45;
      const near = Math.floor((y + half) / step);
      for (let strand = near - 1; strand <= near + 1; strand++) {
        const index = Math.min(last, Math.max(0, strand));
        const front = index % 2 === 0;
        const from = front ? -radius : radius;
        const distance = capsule(x, y, from, index * step - half, -from, (index + 1) * step - half, wire);
        // A front strand hides the back strand under it, whatever the depth of its middle.
        if (distance < out.distance && !(out.distance < 0 && !front)) {
          out.distance = distance;
          out.height = dome(distance + wire, wire) + (front ? bulge : -bulge) + 0.2;
        } else if (front && distance < 0) {
          out.distance = distance;
          out.height = dome(distance + wire, wire) + bulge + 0.2;
        }
      }
      if (!hooks) return;
      const loop = Math.abs(norm(x, Math.abs(y) - half - hook) - hook) - wire;
      if (loop < out.distance) {
        out.distance = loop;
        out.height = dome(loop + wire, wire) + 0.2;
      }
    },
  };
}

/** Wing nut from the front: a conical hub between two ears. */
export function wingNut(random: Random): Part {
  const hub = random.uniform(0.26, 0.34);
  const rise = random.uniform(0.5, 0.75);
  const spread = random.uniform(0.62, 0.74);
  const ear = random.uniform(0.17, 0.25);
  const bottom = random.uniform(0.36, 0.5);
  return {
    materials: [metal(random, ['steel', 'galvanised', 'brass', 'zinc-plated'])],
    surface(out) {
      const { x, y } = out;
      const side = Math.abs(x);
      out.material = 0;
      const width = hub * (0.8 + 0.3 * (y + 0.25));
      const cone = Math.max(side - width, -0.3 - y, y - bottom);
      const wing = capsule(side, y, hub * 0.6, 0.12, spread, -rise, 0.13, ear);
      out.distance = Math.min(cone, wing);
      out.height = cone < 0 ? dome(x, width) + 0.12 : plate(wing, 0.1, 0.14);
    },
  };
}

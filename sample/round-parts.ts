import { metal, rubber, RUBBER_NAMES } from './materials.ts';
import type { Random } from '../imaging/random.ts';
import { box, dome, foldAngle, hexagon, norm, plate, type Part } from './shape.ts';
import { smoothstep } from '../imaging/noise.ts';

/** Ball bearing: two races, and between them balls in a cage or a seal. */
export function bearing(random: Random): Part {
  const bore = random.uniform(0.3, 0.4);
  const race = random.uniform(0.13, 0.17);
  const middle = (bore + 1) / 2;
  const gap = (1 - bore) / 2 - race;
  const count = 7 + random.integer(6);
  const turn = random.uniform(0, Math.PI);
  const sealed = random.chance(0.3);
  const between = sealed
    ? rubber(random, ['black rubber', 'black rubber', 'blue silicone', 'brown rubber'])
    : metal(random, ['black-oxide', 'brass']);
  return {
    materials: [metal(random, ['steel', 'steel', 'galvanised']), between, metal(random, ['galvanised'])],
    surface(out) {
      const { x, y } = out;
      const r = norm(x, y);
      out.distance = Math.max(r - 1, bore - r);
      const track = Math.abs(r - middle) - gap;
      if (track > 0) {
        out.material = 0;
        out.height = plate(Math.max(out.distance, -track), 0.05, 0.2);
        return;
      }
      out.material = 1;
      out.height = sealed ? 0.13 + 0.02 * Math.cos((track / gap) * Math.PI) : 0.04;
      if (sealed) return;
      const along = foldAngle(Math.atan2(y, x) + turn, count) * middle;
      const ball = norm(along, r - middle);
      const radius = Math.min(gap * 1.02, (Math.PI * middle * 0.92) / count);
      if (ball > radius) return;
      out.material = 2;
      out.height = 0.06 + dome(ball, radius);
    },
  };
}

/** Spur gear: trapezoid teeth, a bore that may have a keyway, a web that may be recessed or pierced. */
export function gear(random: Random): Part {
  const teeth = 9 + random.integer(12);
  const root = 1 - random.uniform(1.5, 2.2) / teeth - 0.04;
  const steepness = random.uniform(1.3, 2.2);
  const bore = random.uniform(0.16, 0.34);
  const keyway = random.chance(0.5) ? bore * 0.3 : 0;
  const holes = random.chance(0.45) ? 4 + random.integer(3) : 0;
  const holeRadius = (root - bore) * random.uniform(0.17, 0.25);
  const hub = bore + (root - bore) * 0.28;
  const rim = root - (root - bore) * 0.2;
  const recess = holes > 0 || random.chance(0.5) ? random.uniform(0.04, 0.1) : 0;
  return {
    materials: [metal(random, ['steel', 'galvanised', 'brass', 'black-oxide', 'zinc-plated'])],
    surface(out) {
      const { x, y } = out;
      const r = norm(x, y);
      const angle = Math.atan2(y, x);
      const tooth = Math.min(1, Math.max(-1, Math.cos(teeth * angle) * steepness));
      const outline = (r - (root + (1 - root) * (tooth * 0.5 + 0.5))) * 0.8;
      let hole = bore - r;
      if (keyway > 0) hole = Math.max(hole, -box(x - bore, y, keyway, keyway * 0.8));
      if (holes > 0) {
        const place = (hub + rim) / 2;
        hole = Math.max(hole, holeRadius - norm(foldAngle(angle, holes) * place, r - place));
      }
      out.distance = Math.max(outline, hole);
      const sunk = recess * smoothstep(hub, hub + 0.05, r) * (1 - smoothstep(rim - 0.05, rim, r));
      out.height = plate(out.distance, 0.05, 0.16) - sunk;
      out.material = 0;
    },
  };
}

/** Hexagon nut: chamfered corners, a threaded bore, sometimes a flange. */
export function hexNut(random: Random): Part {
  const flange = random.chance(0.25);
  const apothem = flange ? random.uniform(0.66, 0.74) : random.uniform(0.84, 0.88);
  const bore = apothem * random.uniform(0.46, 0.56);
  const thread = bore * 1.13;
  const chamfer = apothem * random.uniform(0.98, 1.04);
  return {
    materials: [metal(random, ['steel', 'galvanised', 'zinc-plated', 'brass', 'black-oxide'])],
    surface(out) {
      const { x, y } = out;
      const r = norm(x, y);
      const outline = hexagon(x, y, apothem);
      out.distance = Math.max(flange ? Math.min(outline, r - 1) : outline, bore - r);
      out.material = 0;
      if (outline > 0) {
        out.height = plate(r - 1, 0.12, 0.12);
        return;
      }
      const corner = Math.max(0, r - chamfer) * 0.9;
      const groove = smoothstep(bore, thread, r);
      out.height = 0.12 + plate(outline, 0.04, 0.28) * groove - corner;
    },
  };
}

/** Rubber sealing ring, never quite round. */
export function oRing(random: Random): Part {
  const tube = random.uniform(0.075, 0.15);
  const wobble = random.uniform(0, 0.05);
  const lobes = 2 + random.integer(2);
  return {
    materials: [rubber(random, ['black rubber', 'black rubber', ...RUBBER_NAMES])],
    surface(out) {
      const { x, y } = out;
      const radius = 1 - tube - wobble * (1 + Math.cos(lobes * Math.atan2(y, x)));
      const offset = Math.abs(norm(x, y) - radius);
      out.distance = offset - tube;
      out.height = dome(offset, tube);
      out.material = 0;
    },
  };
}

/** Flat washer, wide or narrow; one in four is a split lock washer. */
export function washer(random: Random): Part {
  const split = random.chance(0.25);
  const bore = split ? random.uniform(0.62, 0.7) : random.uniform(0.44, 0.6);
  const slit = random.uniform(0.03, 0.06);
  const thickness = random.uniform(0.06, 0.14);
  return {
    materials: [metal(random, ['steel', 'galvanised', 'zinc-plated', 'copper', 'black-oxide'])],
    surface(out) {
      const { x, y } = out;
      const r = norm(x, y);
      const ring = Math.max(r - 1, bore - r);
      const cut = split ? box(x - 0.8, y + (x - 0.8) * 0.6, 0.5, slit) : 1;
      out.distance = Math.max(ring, -cut);
      out.height = plate(out.distance, 0.06, thickness);
      out.material = 0;
    },
  };
}

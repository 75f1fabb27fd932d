import { canvas, type Canvas, type Picture } from '../../imaging/canvas.ts';
import type { Random } from '../../imaging/random.ts';
import { develop, type Origin } from '../camera.ts';
import { STREET_CLASSES, STREET_NAMES, type Colour, type StreetName, type Thing } from './objects.ts';

/** The size of every picture. */
export const WIDTH = 320;
export const HEIGHT = 200;
/** Pixels per metre at a distance of one metre, and the height of the camera in metres. */
const FOCAL = 250;
const EYE = 1.6;
/** An object with fewer visible pixels, or a smaller share of itself visible, is taken away: nobody would draw its box. */
const LEAST_PIXELS = 60;
const LEAST_SHARE = 0.45;

/** One object of a picture, as somebody who sees all of it would annotate it. */
export interface StreetObject {
  label: StreetName;
  /** Around its visible pixels: left, top, width, height. */
  box: [number, number, number, number];
  /** 1 where it is seen, row by row over the whole picture. */
  mask: Uint8Array;
  /** Share of it that other objects or the frame hide. */
  hidden: number;
}

interface Placed {
  label: StreetName;
  thing: Thing;
  /** Metres from the camera, and where its middle stands in the picture. */
  distance: number;
  x: number;
  ground: number;
  mirrored: boolean;
}

/** Paints a street with its objects. `fewest` objects at least are in view. */
export function paintStreet(
  random: Random,
  origin: Origin,
  fewest = 2,
): { picture: Picture; objects: StreetObject[] } {
  const horizon = HEIGHT * random.uniform(0.36, 0.44);
  const backdrop = paintBackdrop(random, horizon);
  let placed = place(random, horizon);
  let drawn = draw(backdrop, placed);
  // What is hardly seen is taken away, which may uncover others.
  while (drawn.visible.some((pixels, i) => isHardlySeen(pixels, drawn.whole[i]!))) {
    placed = placed.filter((_, i) => !isHardlySeen(drawn.visible[i]!, drawn.whole[i]!));
    drawn = draw(backdrop, placed);
  }
  if (placed.length < fewest) return paintStreet(random, origin, fewest);
  const objects = placed.map(({ label }, i): StreetObject => {
    const mask = maskOf(drawn.owner, i);
    return { label, mask, box: boxOf(mask), hidden: 1 - drawn.visible[i]! / drawn.whole[i]! };
  });
  const picture = develop(drawn.scene, random, origin, {
    blurSigma: Math.max(0, random.uniform(-0.2, 0.6)),
    exposure: Math.exp(0.12 * random.normal()),
  });
  return { picture, objects };
}

function place(random: Random, horizon: number): Placed[] {
  const count = 3 + random.integer(6);
  const total = STREET_NAMES.reduce((sum, name) => sum + STREET_CLASSES[name].weight, 0);
  const placed = Array.from({ length: count }, (): Placed => {
    let at = random.uniform(0, total);
    const label = STREET_NAMES.find((name) => (at -= STREET_CLASSES[name].weight) < 0) ?? 'car';
    const { make, place: where } = STREET_CLASSES[label];
    const distance = where === 'road' ? random.uniform(7, 26) : random.uniform(5, 20);
    const side = random.chance(0.5) ? -1 : 1;
    // Metres beside the middle of the road.
    const beside = where === 'road' ? random.uniform(-6, 6) : side * random.uniform(2.5, 7);
    return {
      label,
      thing: make(random),
      distance,
      x: WIDTH / 2 + (beside * FOCAL) / distance,
      ground: horizon + (EYE * FOCAL) / distance,
      mirrored: random.chance(0.5),
    };
  });
  return placed.sort((a, b) => b.distance - a.distance);
}

const isHardlySeen = (visible: number, whole: number): boolean =>
  visible < LEAST_PIXELS || visible < LEAST_SHARE * whole;

/** Paints the objects, the farthest first, and counts the pixels of each: all of them, and those that are seen. */
function draw(
  backdrop: Canvas,
  placed: readonly Placed[],
): { scene: Canvas; owner: Int16Array; whole: number[]; visible: number[] } {
  const scene = { ...backdrop, data: backdrop.data.slice() };
  const owner = new Int16Array(WIDTH * HEIGHT).fill(-1);
  const whole = placed.map((own, i) => drawThing(scene, owner, own, i));
  const visible = placed.map(() => 0);
  for (const own of owner) if (own >= 0) visible[own]! += 1;
  return { scene, owner, whole, visible };
}

/** Paints one object, and its shadow on the ground. Returns how many pixels all of it covers, the frame not minded. */
function drawThing(scene: Canvas, owner: Int16Array, own: Placed, number: number): number {
  const { thing, x: middle, ground, mirrored } = own;
  const scale = FOCAL / own.distance;
  const fog = 0.35 * Math.min(1, own.distance / 40);
  const left = Math.floor(middle - thing.half * scale) - 1;
  const right = Math.ceil(middle + thing.half * scale) + 1;
  const top = Math.floor(ground - thing.height * scale) - 1;
  const bottom = Math.ceil(ground) + 2;
  let covered = 0;
  for (let y = top; y <= bottom; y++)
    for (let x = left; x <= right; x++) {
      const across = ((x + 0.5 - middle) / scale) * (mirrored ? -1 : 1);
      const up = (ground - y - 0.5) / scale;
      const inside = x >= 0 && x < WIDTH && y >= 0 && y < HEIGHT;
      const at = y * WIDTH + x;
      if (inside && Math.abs(up) < 0.12 && Math.abs(across) < thing.half) shade(scene, at, 0.45);
      let most = 0;
      for (const { distance, colour } of thing.pieces) {
        const cover = Math.min(1, Math.max(0, 0.5 - distance(across, up) * scale));
        if (cover === 0) continue;
        most = Math.max(most, cover);
        if (inside) blend(scene, at, colour, cover, 0.75 + (0.35 * up) / thing.height, fog);
      }
      if (most < 0.5) continue;
      covered++;
      if (inside) owner[at] = number;
    }
  return covered;
}

function shade({ data }: Canvas, at: number, factor: number): void {
  for (let c = 0; c < 3; c++) data[at * 3 + c]! *= factor;
}

const HAZE: Colour = [0.5, 0.55, 0.6];

function blend(
  { data }: Canvas,
  at: number,
  colour: Colour,
  cover: number,
  light: number,
  fog: number,
): void {
  for (let c = 0; c < 3; c++) {
    const value = colour[c]! * light * (1 - fog) + HAZE[c]! * fog;
    data[at * 3 + c] = data[at * 3 + c]! * (1 - cover) + value * cover;
  }
}

function maskOf(owner: Int16Array, number: number): Uint8Array {
  const mask = new Uint8Array(owner.length);
  for (let at = 0; at < owner.length; at++) if (owner[at] === number) mask[at] = 1;
  return mask;
}

function boxOf(mask: Uint8Array): [number, number, number, number] {
  let [left, top, right, bottom] = [WIDTH, HEIGHT, 0, 0];
  for (let y = 0, at = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++, at++) {
      if (!mask[at]) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
  return [left, top, right - left, bottom - top];
}

/** Sky, houses and trees, pavement and road. */
function paintBackdrop(random: Random, horizon: number): Canvas {
  const scene = canvas(WIDTH, HEIGHT);
  const sky: Colour = random.pick<Colour>([
    [0.35, 0.55, 0.85],
    [0.6, 0.63, 0.68],
    [0.75, 0.6, 0.45],
  ]);
  const road = random.uniform(0.06, 0.12);
  const pavement = random.uniform(0.2, 0.32);
  const kerb = random.uniform(4.5, 6);
  const houses = skyline(random, horizon);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const grain = 1 + 0.06 * random.grain();
      const colour: Colour =
        y < horizon
          ? (houses(x, y) ?? (sky.map((v) => v * (1.1 - (0.4 * y) / horizon)) as unknown as Colour))
          : groundAt(x, y, horizon, road, pavement, kerb);
      for (let c = 0; c < 3; c++) scene.data[(y * WIDTH + x) * 3 + c] = colour[c]! * grain;
    }
  return scene;
}

function groundAt(
  x: number,
  y: number,
  horizon: number,
  road: number,
  pavement: number,
  kerb: number,
): Colour {
  const distance = (EYE * FOCAL) / (y - horizon + 0.5);
  const beside = ((x - WIDTH / 2) * distance) / FOCAL;
  if (Math.abs(beside) > kerb) {
    const slab = (Math.floor(beside / 0.8) + Math.floor(distance / 0.8)) % 2 === 0 ? 1 : 0.92;
    return [pavement * slab, pavement * slab, pavement * slab * 0.95];
  }
  const dash = Math.abs(beside) < 0.08 && distance % 6 < 3;
  if (dash || Math.abs(Math.abs(beside) - kerb + 0.25) < 0.06) return [0.6, 0.6, 0.58];
  return [road, road, road * 1.05];
}

/** Houses with windows and round trees along the horizon: the colour of a point, or null where the sky is seen. */
function skyline(random: Random, horizon: number): (x: number, y: number) => Colour | null {
  const houses: { left: number; right: number; top: number; colour: Colour; pitch: number; lit: number }[] =
    [];
  for (let x = 0; x < WIDTH;) {
    const width = random.uniform(24, 70);
    if (random.chance(0.85)) {
      const tone = random.uniform(0.12, 0.4);
      houses.push({
        left: x,
        right: x + width,
        top: horizon * random.uniform(0.05, 0.7),
        colour: [tone * random.uniform(0.9, 1.3), tone, tone * random.uniform(0.7, 1)],
        pitch: random.uniform(6, 11),
        lit: random.uniform(0.2, 0.7),
      });
    }
    x += width;
  }
  const trees = Array.from({ length: random.integer(5) }, () => ({
    x: random.uniform(0, WIDTH),
    y: horizon - random.uniform(10, 26),
    r: random.uniform(8, 20),
    green: random.uniform(0.05, 0.16),
  }));
  return (x, y) => {
    for (const tree of trees) {
      const ragged = tree.r * (1 + 0.08 * Math.sin(x * 1.7) * Math.cos(y * 2.1));
      if ((x - tree.x) ** 2 + (y - tree.y) ** 2 < ragged ** 2)
        return [tree.green * 0.5, tree.green, tree.green * 0.3];
      if (Math.abs(x - tree.x) < 1.5 && y > tree.y) return [0.06, 0.04, 0.02];
    }
    const house = houses.find(({ left, right, top }) => x >= left && x < right && y > top);
    if (!house) return null;
    const [across, down] = [(x - house.left) % house.pitch, (y - house.top) % (house.pitch * 1.3)];
    const glazed = across > house.pitch * 0.35 && down > house.pitch * 0.4 && down < house.pitch * 0.95;
    return glazed ? [0.08 * house.lit, 0.1 * house.lit, 0.14 * house.lit] : house.colour;
  };
}

import type { Random } from '../../imaging/random.ts';
import { box, capsule, norm, roundedBox } from '../shape.ts';

/** Linear RGB. */
export type Colour = readonly [number, number, number];

/** One painted piece: the signed distance to its outline in metres, negative inside. */
interface Piece {
  distance: (x: number, y: number) => number;
  colour: Colour;
}

/** A thing in the street, seen from its side: x to the right of its middle, y up from the ground, in metres. */
export interface Thing {
  /** Half its width, and its height. */
  half: number;
  height: number;
  /** Painted in this order. */
  pieces: Piece[];
}

/** The names of the classes, in the order of their ids. */
export const STREET_NAMES = [
  'bicycle',
  'bus',
  'car',
  'motorcycle',
  'pedestrian',
  'road-sign',
  'traffic-light',
  'truck',
  'van',
] as const;
export type StreetName = (typeof STREET_NAMES)[number];

interface ThingClass {
  make: (random: Random) => Thing;
  /** Where it stands: in the road, on the pavement, or either. */
  place: 'road' | 'pavement';
  /** How often it occurs, relative to the others. */
  weight: number;
  /** What it is easily taken for. */
  confusable: StreetName[];
}

const TYRE: Colour = [0.015, 0.015, 0.017];
const RIM: Colour = [0.25, 0.25, 0.26];
const GLASS: Colour = [0.06, 0.1, 0.13];

const circle =
  (cx: number, cy: number, r: number) =>
  (x: number, y: number): number =>
    norm(x - cx, y - cy) - r;
const rectangle =
  (left: number, bottom: number, right: number, top: number, radius = 0.05) =>
  (x: number, y: number): number =>
    roundedBox(
      x - (left + right) / 2,
      y - (bottom + top) / 2,
      (right - left) / 2,
      (top - bottom) / 2,
      radius,
    );
const line =
  (ax: number, ay: number, bx: number, by: number, r: number) =>
  (x: number, y: number): number =>
    capsule(x, y, ax, ay, bx, by, r);

function paint(random: Random): Colour {
  return random
    .pick<Colour>([
      [0.55, 0.05, 0.04],
      [0.05, 0.12, 0.42],
      [0.7, 0.7, 0.68],
      [0.06, 0.06, 0.07],
      [0.3, 0.31, 0.33],
      [0.06, 0.28, 0.12],
      [0.65, 0.42, 0.05],
    ])
    .map((value) => value * random.uniform(0.8, 1.2)) as unknown as Colour;
}

function wheels(places: number[], radius: number): Piece[] {
  return places.flatMap((x): Piece[] => [
    { distance: circle(x, radius, radius), colour: TYRE },
    { distance: circle(x, radius, radius * 0.55), colour: RIM },
  ]);
}

function windows(from: number, to: number, count: number, bottom: number, top: number): Piece[] {
  const step = (to - from) / count;
  return Array.from({ length: count }, (_, i) => ({
    distance: rectangle(from + i * step + 0.08, bottom, from + (i + 1) * step - 0.08, top),
    colour: GLASS,
  }));
}

function car(random: Random): Thing {
  const half = random.uniform(1.9, 2.3);
  const height = random.uniform(1.4, 1.6);
  const colour = paint(random);
  const roof = random.uniform(0.45, 0.6) * half;
  return {
    half,
    height,
    pieces: [
      { distance: rectangle(-half, 0.28, half, 0.92, 0.22), colour },
      {
        distance: (x, y) =>
          Math.max(rectangle(-half, 0.6, half, height, 0.2)(x, y), Math.abs(x) - roof - (height - y) * 0.9),
        colour,
      },
      ...windows(-roof, roof, 2, 0.95, height - 0.14),
      { distance: rectangle(half - 0.22, 0.62, half - 0.02, 0.8), colour: [0.9, 0.85, 0.6] },
      ...wheels([-half * 0.62, half * 0.62], 0.33),
    ],
  };
}

function van(random: Random): Thing {
  const half = random.uniform(2.2, 2.6);
  const height = random.uniform(2.0, 2.4);
  const colour = paint(random);
  return {
    half,
    height,
    pieces: [
      { distance: rectangle(-half, 0.3, half * 0.7, height, 0.15), colour },
      { distance: rectangle(0, 0.3, half, 1.15, 0.2), colour },
      {
        distance: (x, y) => Math.max(box(x - half * 0.72, y - 1.35, 0.6, 0.55), x + y - half - 0.75),
        colour,
      },
      { distance: rectangle(half * 0.4, 1.2, half * 0.74, height - 0.3), colour: GLASS },
      ...wheels([-half * 0.65, half * 0.6], 0.36),
    ],
  };
}

function bus(random: Random): Thing {
  const half = random.uniform(4.8, 5.6);
  const height = random.uniform(2.9, 3.2);
  const colour = paint(random);
  return {
    half,
    height,
    pieces: [
      { distance: rectangle(-half, 0.35, half, height, 0.2), colour },
      ...windows(-half + 0.2, half - 1, 6, 1.5, height - 0.4),
      { distance: rectangle(half - 0.95, 0.6, half - 0.2, height - 0.5), colour: GLASS },
      { distance: rectangle(-half, 1.05, half, 1.2, 0.02), colour: [0.75, 0.74, 0.7] },
      ...wheels([-half * 0.6, half * 0.6], 0.48),
    ],
  };
}

function truck(random: Random): Thing {
  const half = random.uniform(3.6, 4.4);
  const height = random.uniform(3.1, 3.6);
  const cab = half - random.uniform(1.7, 2);
  return {
    half,
    height,
    pieces: [
      { distance: rectangle(-half, 0.9, cab - 0.15, height, 0.03), colour: paint(random) },
      { distance: rectangle(-half, 0.6, half, 0.9, 0.03), colour: [0.05, 0.05, 0.05] },
      { distance: rectangle(cab, 0.5, half, height - 0.6, 0.25), colour: paint(random) },
      { distance: rectangle(cab + 0.6, 1.6, half - 0.1, height - 0.9), colour: GLASS },
      ...wheels([-half * 0.75, -half * 0.45, half * 0.72], 0.5),
    ],
  };
}

function rider(lean: number, shirt: Colour): Piece[] {
  return [
    { distance: line(-0.15, 0.95, 0.1 + lean, 1.45, 0.15), colour: shirt },
    { distance: circle(0.18 + lean, 1.68, 0.13), colour: [0.5, 0.33, 0.24] },
    { distance: line(-0.12, 0.9, 0.1, 0.45, 0.08), colour: [0.03, 0.04, 0.09] },
  ];
}

function bicycle(random: Random): Thing {
  const colour = paint(random);
  const ring =
    (cx: number) =>
    (x: number, y: number): number =>
      Math.abs(norm(x - cx, y - 0.34) - 0.32) - 0.035;
  return {
    half: 0.9,
    height: 1.8,
    pieces: [
      { distance: ring(-0.55), colour: TYRE },
      { distance: ring(0.55), colour: TYRE },
      { distance: line(-0.55, 0.34, -0.2, 0.85, 0.035), colour },
      { distance: line(-0.2, 0.8, 0.4, 0.85, 0.035), colour },
      { distance: line(0.55, 0.34, 0.4, 1.0, 0.035), colour },
      { distance: line(-0.2, 0.8, 0, 0.34, 0.035), colour },
      ...rider(0.1, paint(random)),
    ],
  };
}

function motorcycle(random: Random): Thing {
  const colour = paint(random);
  return {
    half: 1.05,
    height: 1.7,
    pieces: [
      ...wheels([-0.7, 0.7], 0.32),
      { distance: rectangle(-0.55, 0.35, 0.5, 0.8, 0.18), colour },
      { distance: line(0.7, 0.34, 0.45, 1.0, 0.06), colour: RIM },
      { distance: rectangle(-0.8, 0.75, 0.05, 0.9, 0.06), colour: TYRE },
      ...rider(0.05, paint(random)).map((piece) => ({
        ...piece,
        distance: (x: number, y: number) => piece.distance(x, y + 0.08),
      })),
    ],
  };
}

function pedestrian(random: Random): Thing {
  const height = random.uniform(1.55, 1.9);
  const step = random.uniform(0.04, 0.26);
  const shirt = paint(random);
  const trousers = paint(random);
  const skin: Colour = random.pick<Colour>([
    [0.55, 0.35, 0.25],
    [0.3, 0.17, 0.1],
    [0.12, 0.07, 0.05],
  ]);
  const hip = height * 0.52;
  const shoulder = height * 0.82;
  return {
    half: 0.36,
    height,
    pieces: [
      { distance: line(0, hip, -step, 0.06, 0.09), colour: trousers },
      { distance: line(0, hip, step, 0.06, 0.09), colour: trousers },
      { distance: line(0, shoulder, -step * 1.2, hip, 0.06), colour: shirt },
      { distance: line(0, hip, 0, shoulder - 0.05, 0.18), colour: shirt },
      { distance: circle(0, height - 0.13, 0.13), colour: skin },
    ],
  };
}

function trafficLight(random: Random): Thing {
  const height = random.uniform(3, 3.6);
  const lit = random.integer(3);
  const lamps: Colour[] = [
    [0.9, 0.04, 0.03],
    [0.9, 0.5, 0.02],
    [0.03, 0.75, 0.2],
  ];
  return {
    half: 0.24,
    height,
    pieces: [
      { distance: rectangle(-0.07, 0, 0.07, height - 0.9, 0.02), colour: [0.1, 0.1, 0.1] },
      { distance: rectangle(-0.24, height - 1.15, 0.24, height, 0.08), colour: [0.02, 0.025, 0.02] },
      ...lamps.map((colour, i): Piece => ({
        distance: circle(0, height - 0.22 - i * 0.35, 0.14),
        colour: i === lit ? colour : [0.05, 0.05, 0.05],
      })),
    ],
  };
}

function roadSign(random: Random): Thing {
  const height = random.uniform(2.4, 3);
  const triangle = random.chance(0.5);
  const top = height - 0.42;
  const plate = (grow: number) => (x: number, y: number) =>
    triangle
      ? Math.max(-(y - top) - 0.36 - grow, Math.abs(x) * 0.85 + (y - top) * 0.5 - 0.2 - grow)
      : norm(x, y - top) - 0.4 - grow;
  return {
    half: 0.42,
    height,
    pieces: [
      { distance: rectangle(-0.05, 0, 0.05, height - 0.6, 0.02), colour: [0.3, 0.3, 0.3] },
      { distance: plate(0), colour: [0.65, 0.03, 0.03] },
      { distance: plate(-0.1), colour: [0.85, 0.85, 0.83] },
    ],
  };
}

/** The classes, by name. */
export const STREET_CLASSES: Record<StreetName, ThingClass> = {
  bicycle: { make: bicycle, place: 'road', weight: 2, confusable: ['motorcycle'] },
  bus: { make: bus, place: 'road', weight: 1, confusable: ['truck', 'van'] },
  car: { make: car, place: 'road', weight: 5, confusable: ['van'] },
  motorcycle: { make: motorcycle, place: 'road', weight: 1.5, confusable: ['bicycle'] },
  pedestrian: { make: pedestrian, place: 'pavement', weight: 5, confusable: ['bicycle'] },
  'road-sign': { make: roadSign, place: 'pavement', weight: 2, confusable: ['traffic-light'] },
  'traffic-light': { make: trafficLight, place: 'pavement', weight: 2, confusable: ['road-sign'] },
  truck: { make: truck, place: 'road', weight: 1.5, confusable: ['bus', 'van'] },
  van: { make: van, place: 'road', weight: 2, confusable: ['car', 'truck'] },
};

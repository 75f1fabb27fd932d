import type { Random } from '../imaging/random.ts';
import type { Material } from './shape.ts';

const METALS = {
  steel: [0.56, 0.57, 0.59],
  galvanised: [0.66, 0.7, 0.74],
  'zinc-plated': [0.74, 0.66, 0.36],
  brass: [0.8, 0.58, 0.22],
  copper: [0.78, 0.4, 0.26],
  'black-oxide': [0.11, 0.11, 0.13],
} as const satisfies Record<string, readonly [number, number, number]>;

const RUBBERS = {
  'black rubber': [0.03, 0.03, 0.035],
  'red silicone': [0.5, 0.06, 0.04],
  'blue silicone': [0.05, 0.16, 0.5],
  'orange silicone': [0.7, 0.22, 0.03],
  'green rubber': [0.05, 0.3, 0.12],
  'brown rubber': [0.2, 0.09, 0.05],
} as const satisfies Record<string, readonly [number, number, number]>;

export type MetalName = keyof typeof METALS;
export type RubberName = keyof typeof RUBBERS;
export const RUBBER_NAMES = Object.keys(RUBBERS) as RubberName[];

/** Returns one of the metals, with slightly varied tone and polish. */
export function metal(random: Random, names: readonly MetalName[]): Material {
  const name = random.pick(names);
  return {
    name,
    finish: 'metal',
    colour: vary(random, METALS[name], 0.06),
    roughness: random.uniform(0.25, 0.8),
  };
}

/** Returns one of the rubbers, with slightly varied tone. */
export function rubber(random: Random, names: readonly RubberName[]): Material {
  const name = random.pick(names);
  return matte(random, name, RUBBERS[name], random.uniform(0.4, 0.8));
}

/** Returns a non-metal. `colour` is linear RGB. */
export function matte(
  random: Random,
  name: string,
  colour: readonly [number, number, number],
  roughness: number,
): Material {
  return { name, finish: 'matte', colour: vary(random, colour, 0.1), roughness };
}

function vary(
  random: Random,
  colour: readonly [number, number, number],
  spread: number,
): [number, number, number] {
  const level = 1 + spread * 1.5 * random.normal();
  const [r, g, b] = colour.map((value) =>
    Math.min(0.95, Math.max(0.015, value * level * (1 + (spread / 2) * random.normal()))),
  );
  return [r as number, g as number, b as number];
}

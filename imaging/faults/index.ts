import { COPIES } from './copies.ts';
import type { FaultFamily } from './define.ts';
import { PIXELS } from './pixels.ts';
import { TWO_AT_ONCE } from './two-at-once.ts';

export type { Picture } from '../canvas.ts';
export type { FaultFamily, Faulty } from './define.ts';

/** Every family by its id. */
export const families: ReadonlyMap<string, FaultFamily> = new Map(
  [...PIXELS, ...COPIES, TWO_AT_ONCE].map((family) => [family.id, family]),
);

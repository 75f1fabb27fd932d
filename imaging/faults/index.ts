import { COPIES } from './copies.ts';
import type { FaultFamily } from './define.ts';
import { MELTED } from './melted.ts';
import { PARTS } from './parts.ts';
import { PIXELS } from './pixels.ts';
import { TEXTS } from './text.ts';
import { TORN } from './torn.ts';
import { TWO_AT_ONCE } from './two-at-once.ts';

export type { Picture } from '../canvas.ts';
export type { FaultFamily, Faulty } from './define.ts';

/** Every family by its id. */
export const families: ReadonlyMap<string, FaultFamily> = new Map(
  [...PIXELS, TORN, MELTED, ...PARTS, ...TEXTS, ...COPIES, TWO_AT_ONCE].map((family) => [family.id, family]),
);

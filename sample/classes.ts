import { eyeBolt, hexBolt, spring, wingNut, woodScrew } from './long-parts.ts';
import type { Random } from '../imaging/random.ts';
import { bearing, gear, hexNut, oRing, washer } from './round-parts.ts';
import type { Part } from './shape.ts';

export interface PartClass {
  make: (random: Random) => Part;
  /** Its name in a prompt. */
  noun: string;
  /** The classes that it is most easily mistaken for. */
  confusable: readonly [PartName, ...PartName[]];
}

export const PART_NAMES = [
  'bearing',
  'eye-bolt',
  'gear',
  'hex-bolt',
  'hex-nut',
  'o-ring',
  'spring',
  'washer',
  'wing-nut',
  'wood-screw',
] as const;
export type PartName = (typeof PART_NAMES)[number];

/** The classes of the sample, by folder name. */
export const PART_CLASSES: Record<PartName, PartClass> = {
  bearing: { make: bearing, noun: 'ball bearing', confusable: ['gear', 'washer'] },
  'eye-bolt': { make: eyeBolt, noun: 'eye bolt', confusable: ['hex-bolt', 'wood-screw'] },
  gear: { make: gear, noun: 'spur gear', confusable: ['bearing', 'hex-nut'] },
  'hex-bolt': { make: hexBolt, noun: 'hex bolt', confusable: ['wood-screw', 'eye-bolt'] },
  'hex-nut': { make: hexNut, noun: 'hex nut', confusable: ['washer', 'gear'] },
  'o-ring': { make: oRing, noun: 'o-ring', confusable: ['washer', 'bearing'] },
  spring: { make: spring, noun: 'coil spring', confusable: ['wood-screw', 'hex-bolt'] },
  washer: { make: washer, noun: 'flat washer', confusable: ['o-ring', 'hex-nut'] },
  'wing-nut': { make: wingNut, noun: 'wing nut', confusable: ['hex-nut', 'eye-bolt'] },
  'wood-screw': { make: woodScrew, noun: 'wood screw', confusable: ['hex-bolt', 'spring'] },
};

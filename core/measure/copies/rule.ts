import type { Alteration } from '../../../rpc/contract/alteration.ts';
import { quantileSorted } from '../../base/numeric/percentile.ts';

/** How different the pictures of two sides are that should share none: of one image, its smallest differences. */
export interface Reference {
  /** Label of the image, null without one. */
  label: number | null;
  /** To those that it lies on without being cropped, rotated or bordered; and to any. 1 without one. */
  upright: number;
  any: number;
}

/** What is known about one picture laid over another. */
export interface Evidence {
  alteration: Alteration;
  difference: number;
  motion: number;
  texture: number;
}

/** Changes, as counted below, and what is asked of a copy with so many of them. */
interface Demand {
  /** Largest difference, whatever is usual. */
  most: number;
  /** Part of the smallest difference that is usual in the whole set. */
  ofSet: number;
  /** Part of the smallest difference to and among look-alikes: of the image, of its original, and of their class. */
  ofLookAlikes: number;
}
/** The more changes it takes, the more pictures can be laid over each other by chance. */
const DEMANDS: readonly Demand[] = [
  { most: 0.13, ofSet: 0.7, ofLookAlikes: 0.5 },
  { most: 0.09, ofSet: 0.6, ofLookAlikes: 0.35 },
  { most: 0.07, ofSet: 0.45, ofLookAlikes: 0.2 },
  { most: 0.03, ofSet: 0.2, ofLookAlikes: 0.07 },
];

/** Blocks of a copy lie where they belong; those of the next frame of a turntable move, each by its depth. Plate pixels. */
const MOST_MOTION = 0.5;
/** The same where pictures of the set come near such a difference: next frames are among them. */
const MOST_MOTION_AMONG_ALIKE = 0.25;
/** Part of what is usual in the set beyond which a difference is near it. */
const NEAR = 0.1;
/** Mean texture under which there is nothing to recognise, in levels. */
const LEAST_TEXTURE = 1;
/** Rotations beyond this are no copy that anybody looks for; smaller ones than the other are none. Degrees. */
const MOST_ROTATION = 10.6;
const LEAST_ROTATION = 0.9;
const LEAST_CROP = 0.03;

/** Quarter turns, and what is left of a turn, in degrees. */
function turnOf({ turned }: Alteration): { quarters: number; rotation: number } {
  const quarters = Math.round(turned / 90);
  return { quarters, rotation: Math.abs(turned - 90 * quarters) };
}

/** Whether a copy shows the original from edge to edge, though perhaps mirrored or turned by quarters. */
export function isUpright(alteration: Alteration): boolean {
  return edgesChanged(alteration) === 0;
}

/** Of rotation, crop and border, how many there are. A crop that a rotation brings with it is not counted. */
function edgesChanged(alteration: Alteration): number {
  const { rotation } = turnOf(alteration);
  const angle = (rotation * Math.PI) / 180;
  const isRotated = rotation >= LEAST_ROTATION;
  const brought = isRotated ? 1 - 1 / (Math.cos(angle) + Math.sin(angle)) : 0;
  return Number(isRotated) + Number(alteration.cropped > brought + LEAST_CROP) + Number(alteration.bordered);
}

/** What holds for the rarest two of a hundred images counts as the smallest usual difference. */
const RARE = 0.02;
/** With fewer images it is not known what is usual, in a set and in a class. */
export const FEWEST = 20;
const FEWEST_OF_CLASS = 8;
/** What is taken for usual where that is not known: strict. */
const UNKNOWN = 0.01;
/** Images at the lower end of a set whose differences are this small part of the next one's are copies themselves. */
const GAP = 0.3;
const MOST_COPIES = 0.1;

/** A part of what is usual, and a motion, that no two shots of one thing come under. */
const CERTAIN = 0.2;
const CERTAIN_MOTION = 0.25;

/** The smallest differences that are usual between pictures of a set that are no copies, by class. */
export class Usual {
  /** Whether there were enough images to know. */
  readonly isKnown: boolean;
  readonly #ofSet: Smallest;
  readonly #ofClass: ReadonlyMap<number | null, Smallest>;

  constructor(references: readonly Reference[]) {
    this.isKnown = references.length >= FEWEST;
    this.#ofSet = this.isKnown ? smallestOf(references) : { upright: UNKNOWN, any: UNKNOWN };
    const byClass = new Map<number | null, Reference[]>();
    for (const reference of references)
      byClass.set(reference.label, [...(byClass.get(reference.label) ?? []), reference]);
    this.#ofClass = new Map([...byClass].map(([label, own]) => [label, this.#classOf(own)]));
  }

  /** In the whole set, and among images of a class. */
  of(label: number | null, alteration: Alteration): { inSet: number; inClass: number } {
    const kind = isUpright(alteration) ? 'upright' : 'any';
    return { inSet: this.#ofSet[kind], inClass: (this.#ofClass.get(label) ?? this.#classOf([]))[kind] };
  }

  /** Whether pictures agree so well, part by part, that they show the same whatever others do. */
  isCertain({ difference, motion }: Evidence): boolean {
    return this.isKnown && difference <= CERTAIN * this.#ofSet.any && motion <= CERTAIN_MOTION;
  }

  /** A class with few images may not do more than double what holds for the set. */
  #classOf(own: readonly Reference[]): Smallest {
    if (own.length >= FEWEST_OF_CLASS) return smallestOf(own);
    const few = own.length > 0 ? smallestOf(own) : { upright: 1, any: 1 };
    return {
      upright: Math.min(few.upright, 2 * this.#ofSet.upright),
      any: Math.min(few.any, 2 * this.#ofSet.any),
    };
  }
}

interface Smallest {
  upright: number;
  any: number;
}

function smallestOf(references: readonly Reference[]): Smallest {
  return {
    upright: smallest(references.map(({ upright }) => upright)),
    any: smallest(references.map(({ any }) => any)),
  };
}

/** A low quantile, without the copies that may be among the values. */
function smallest(values: number[]): number {
  const ascending = Float64Array.from(values).sort();
  let first = 0;
  for (let i = Math.floor(ascending.length * MOST_COPIES); i >= 0 && first === 0; i--)
    if (i + 1 < ascending.length && ascending[i]! < GAP * ascending[i + 1]!) first = i + 1;
  return quantileSorted(ascending.subarray(first), RARE);
}

/** Whether blocks lie elsewhere than one transform puts them: another shot, however alike. */
export function hasMoved(
  { difference, motion }: Pick<Evidence, 'difference' | 'motion'>,
  inSet: number,
): boolean {
  return motion > (difference > NEAR * inSet ? MOST_MOTION_AMONG_ALIKE : MOST_MOTION);
}

/** What the pictures say: the same one, one taken next to it, or neither. */
export type Verdict = 'copy' | 'neighbour' | null;

/**
 * Whether a picture laid over another one shows the same. `inSet` and `inClass` say how alike pictures are that are no
 * copies; `rival` is the smallest difference of any other picture to this one or to its original.
 */
export function verdict(
  evidence: Evidence,
  { inSet, inClass }: { inSet: number; inClass: number },
  rival: number,
): Verdict {
  const { alteration, difference, texture } = evidence;
  const { quarters, rotation } = turnOf(alteration);
  if (texture < LEAST_TEXTURE || rotation > MOST_ROTATION) return null;
  const changes = edgesChanged(alteration) + Number(alteration.mirrored || quarters !== 0);
  const demand = DEMANDS[Math.min(changes, DEMANDS.length - 1)]!;
  const isAlike =
    difference <= Math.min(demand.most, rival) &&
    (difference <= demand.ofSet * inSet || difference <= demand.ofLookAlikes * Math.min(inClass, rival));
  if (!isAlike) return null;
  return hasMoved(evidence, inSet) ? 'neighbour' : 'copy';
}

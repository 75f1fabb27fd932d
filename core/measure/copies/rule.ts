import type { Alteration } from '../../../rpc/contract/alteration.ts';
import { quantileSorted } from '../../base/numeric/percentile.ts';
import type { Frame } from './alteration.ts';
import type { Flow } from './flow.ts';

/** The smallest of some differences; 1 where there is none. */
export interface Smallest {
  /** To pictures that one lies on without being cropped, rotated or bordered. */
  upright: number;
  any: number;
}

/** How different the pictures of two sides are that should share none: of one image, its smallest differences. */
export interface Reference {
  /** Label of the image, null without one. */
  label: number | null;
  all: Smallest;
  /** To pictures that are not other shots by what moved in them. */
  still: Smallest;
  /** Whether there is a next shot of it. */
  hasNext: boolean;
}

/** What is known about one picture laid over another. */
export interface Evidence {
  alteration: Alteration;
  difference: number;
  flow: Flow | null;
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
  { most: 0.05, ofSet: 0.4, ofLookAlikes: 0.35 },
  { most: 0.035, ofSet: 0.3, ofLookAlikes: 0.2 },
  { most: 0.03, ofSet: 0.2, ofLookAlikes: 0.07 },
];

/**
 * From these on the parts of a picture moved against each other: in next frames of a turntable and in look-alikes they
 * do, in copies hardly ever. Less is enough where next shots are among the images, a little more again for a picture
 * that is closer than they are.
 */
const MOVED: Flow = { motion: 0.12, explained: 0.2 };
const MOVED_AMONG_SHOTS: Flow = { motion: 0.033, explained: 0.04 };
const MOVED_BUT_CLOSER: Flow = { motion: 0.033, explained: 0.055 };
/** Part of what pictures of a class differ by, next shots included, under which one is closer than those. */
const CLOSER = 0.35;
/** Share of the images with a next shot on the other side from which a set is one of shots. */
const LEAST_NEXT = 0.05;
/** Most that a next shot differs by, and that a hand or a turntable moves the frame until then: degrees, part of a side. */
const NEXT_DIFFERENCE = 0.03;
const NEXT_ROTATION = 5;
const NEXT_CROP = 0.04;

/** Mean texture under which there is nothing to recognise, in levels. */
const LEAST_TEXTURE = 1;
/** Rotations beyond this are no copy that anybody looks for; smaller ones than the other are none. Degrees. */
const MOST_ROTATION = 10.6;
const LEAST_ROTATION = 0.9;
const LEAST_CROP = 0.03;
/** What registration may be off by: part of a side, and degrees. */
const SAME_PLACE = 0.012;
const SAME_ANGLE = 0.6;

/** Quarter turns, and what is left of a turn, in degrees. */
function turnOf({ turned }: Frame): { quarters: number; rotation: number } {
  const quarters = Math.round(turned / 90);
  return { quarters, rotation: Math.abs(turned - 90 * quarters) };
}

/** Whether a copy shows the original from edge to edge, though perhaps mirrored or turned by quarters. */
export function isUpright(alteration: Frame): boolean {
  return edgesChanged(alteration) === 0;
}

/** Whether it is mirrored or turned by quarters. */
const isTurned = (alteration: Frame): boolean => alteration.mirrored || turnOf(alteration).quarters !== 0;

/** Whether a copy lies where its original does, pixel on pixel. */
export const isInPlace = (alteration: Frame): boolean =>
  !isTurned(alteration) &&
  !alteration.bordered &&
  alteration.cropped <= SAME_PLACE &&
  turnOf(alteration).rotation <= SAME_ANGLE;

/** Of rotation, crop and border, how many there are. A crop that a rotation brings with it is not counted. */
function edgesChanged(alteration: Frame): number {
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

/** A part of what is usual that no two shots of one thing come under, unless they moved. */
const CERTAIN = 0.2;

/** The smallest differences that are usual between pictures of a set that are no copies, by class. */
export class Usual {
  /** Whether there were enough images to know. */
  readonly isKnown: boolean;
  /** Whether there are several shots of one thing. They are told from copies by what moved, and are not what is usual. */
  readonly isOfShots: boolean;
  readonly #ofSet: Smallest;
  /** How different pictures are in each class, next shots included. */
  readonly #shots: ReadonlyMap<number | null, number>;
  readonly #ofClass: ReadonlyMap<number | null, Smallest>;

  constructor(references: readonly Reference[]) {
    this.isKnown = references.length >= FEWEST;
    const next = references.filter(({ hasNext }) => hasNext).length;
    this.isOfShots = this.isKnown && next >= LEAST_NEXT * references.length;
    this.#ofSet = this.isKnown ? this.#smallestOf(references) : { upright: UNKNOWN, any: UNKNOWN };
    const byClass = new Map<number | null, Reference[]>();
    for (const reference of references)
      byClass.set(reference.label, [...(byClass.get(reference.label) ?? []), reference]);
    this.#shots = new Map(
      [...byClass].map(([label, own]) => [
        label,
        own.length >= FEWEST_OF_CLASS ? smallest(own.map(({ all }) => all.any)) : 0,
      ]),
    );
    this.#ofClass = new Map([...byClass].map(([label, own]) => [label, this.#classOf(own)]));
  }

  /** In the whole set, and among images of a class. */
  of(label: number | null, alteration: Alteration): { inSet: number; inClass: number } {
    const kind = isUpright(alteration) ? 'upright' : 'any';
    return { inSet: this.#ofSet[kind], inClass: (this.#ofClass.get(label) ?? this.#classOf([]))[kind] };
  }

  /** Whether pictures agree so well, part by part, that they show the same whatever others do. */
  isCertain(each: Evidence): boolean {
    const isClose = this.isKnown && each.difference <= CERTAIN * this.#ofSet.any;
    return isClose && each.flow !== null && !hasMoved(each.flow, this.isOfShots ? MOVED_AMONG_SHOTS : MOVED);
  }

  /** Whether a picture that agrees with another one is, or may be, the next shot rather than the same one. */
  isNext({ difference, flow }: Evidence, label: number | null): boolean {
    if (!this.isOfShots) return hasMoved(flow, MOVED);
    if (difference <= CLOSER * (this.#shots.get(label) ?? 0)) return hasMoved(flow, MOVED_BUT_CLOSER);
    // Where pictures differ by more, what moved cannot be told from what was changed.
    return flow === null || difference > NEXT_DIFFERENCE || hasMoved(flow, MOVED_AMONG_SHOTS);
  }

  /** Whether a person is asked about a next shot. In a set of shots every image has some: none is worth a look. */
  isWorthALook(each: Evidence): boolean {
    return !this.isOfShots && couldBeNext(each);
  }

  /** Whether a picture tells how alike others are that nothing tells from copies. */
  isLookAlike(each: Evidence): boolean {
    return !this.isCertain(each) && !(this.isOfShots && hasMoved(each.flow, MOVED_AMONG_SHOTS));
  }

  /** A class with few images may not do more than double what holds for the set. */
  #classOf(own: readonly Reference[]): Smallest {
    if (own.length >= FEWEST_OF_CLASS) return this.#smallestOf(own);
    const few = own.length > 0 ? this.#smallestOf(own) : { upright: 1, any: 1 };
    return {
      upright: Math.min(few.upright, 2 * this.#ofSet.upright),
      any: Math.min(few.any, 2 * this.#ofSet.any),
    };
  }

  #smallestOf(references: readonly Reference[]): Smallest {
    const own = references.map(({ all, still }) => (this.isOfShots ? still : all));
    return { upright: smallest(own.map(({ upright }) => upright)), any: smallest(own.map(({ any }) => any)) };
  }
}

/** A low quantile, without the copies that may be among the values. */
function smallest(values: number[]): number {
  const ascending = Float64Array.from(values).sort();
  let first = 0;
  for (let i = Math.floor(ascending.length * MOST_COPIES); i >= 0 && first === 0; i--)
    if (i + 1 < ascending.length && ascending[i]! < GAP * ascending[i + 1]!) first = i + 1;
  return quantileSorted(ascending.subarray(first), RARE);
}

/**
 * Whether a picture laid over another one is as much like it as only a copy is, or the next shot. `inSet` and `inClass`
 * say how alike pictures are that are no copies; `rival` is the smallest difference of any other picture to this one or
 * to its original.
 */
export function agrees(
  { alteration, difference, texture }: Evidence,
  { inSet, inClass }: { inSet: number; inClass: number },
  rival: number,
): boolean {
  if (texture < LEAST_TEXTURE || turnOf(alteration).rotation > MOST_ROTATION) return false;
  const changes = edgesChanged(alteration) + Number(isTurned(alteration));
  const demand = DEMANDS[Math.min(changes, DEMANDS.length - 1)]!;
  return (
    difference <= Math.min(demand.most, rival) &&
    (difference <= demand.ofSet * inSet || difference <= demand.ofLookAlikes * Math.min(inClass, rival))
  );
}

/** What laying an image over its candidates says about the set. */
export function referenceOf(label: number | null, laid: readonly Evidence[]): Reference {
  const still = laid.filter(({ flow }) => !hasMoved(flow, MOVED_AMONG_SHOTS));
  return {
    label,
    all: smallestAmong(laid),
    still: smallestAmong(still),
    hasNext: laid.some((each) => couldBeNext(each) && !still.includes(each)),
  };
}

/** The smallest difference; 1 without any. */
export const least = (among: readonly Evidence[]): number =>
  Math.min(1, ...among.map(({ difference }) => difference));

const smallestAmong = (laid: readonly Evidence[]): Smallest => ({
  upright: least(laid.filter(({ alteration }) => isUpright(alteration))),
  any: least(laid),
});

/** The camera looks at the same thing from the same place. */
const couldBeNext = ({ difference, alteration: { mirrored, turned, cropped } }: Evidence): boolean =>
  difference <= NEXT_DIFFERENCE && !mirrored && Math.abs(turned) <= NEXT_ROTATION && cropped <= NEXT_CROP;

const hasMoved = (flow: Flow | null, from: Flow): boolean =>
  flow !== null && flow.motion >= from.motion && flow.explained >= from.explained;

import type { Scorer } from './bootstrap.ts';
import { NOTHING, type Metrics } from './metrics.ts';

/** Left, top, width and height in pixels. */
type Rectangle = readonly [number, number, number, number];

export interface TrueBox {
  class: number;
  box: Rectangle;
  /** A region of a crowd: what lies in it is neither right nor wrong. */
  crowd: boolean;
}

export interface Detection {
  class: number;
  box: Rectangle;
  score: number;
}

/** What a model finds on each hold-out image. */
export type Detections = readonly (readonly Detection[])[];

/** `numpy.linspace` of COCO: overlaps of 50 to 95 %, and 101 recalls. */
const OVERLAPS = Array.from({ length: 10 }, (_, i) => (i === 9 ? 0.95 : 0.5 + (i * (0.95 - 0.5)) / 9));
const RECALLS = Array.from({ length: 101 }, (_, i) => (i === 100 ? 1 : i * 0.01));
/** Detections of a class and image that count, the surest. */
const MOST_DETECTIONS = 100;
/** As in pycocotools: the spacing of doubles at 1, and an overlap that is just below 1. */
const SPACING = Number.EPSILON;
const ALMOST_ONE = 1 - 1e-10;

/** What a detection is at an overlap, where it is not wrong (0). */
const RIGHT = 1;
const NEITHER = 2;

/** Detections of a class at an overlap, the surest first, as far as the last right one. */
interface Ranked {
  images: Int32Array;
  isRight: Uint8Array;
}

interface OfClass {
  /** True boxes on each image that has any. */
  images: Int32Array;
  boxes: Int32Array;
  /** By overlap. */
  ranked: Ranked[];
}

/**
 * COCO's mean average precision over overlaps of .50 to .95 (pycocotools' AP: 101 recalls, the 100 surest detections of a
 * class and image, boxes of every size), ready to be scored many times with images that count so often.
 */
export class ScoredBoxes implements Scorer<Uint16Array> {
  readonly #classes: OfClass[];

  constructor(detections: Detections, truths: readonly (readonly TrueBox[])[], classes: number) {
    this.#classes = Array.from({ length: classes }, (_, k) => ofClass(k, detections, truths));
  }

  score(counts: Uint16Array): Metrics {
    let sum = 0;
    let present = 0;
    for (const { images, boxes, ranked } of this.#classes) {
      let positives = 0;
      images.forEach((image, i) => (positives += counts[image]! * boxes[i]!));
      if (positives === 0) continue;
      present++;
      for (const one of ranked) sum += averagePrecision(one, counts, positives);
    }
    return { ...NOTHING, meanAp: present === 0 ? null : sum / (present * OVERLAPS.length) };
  }
}

/**
 * Mean over the 101 recalls of the best precision at that recall or above. An image that counts twice is there twice:
 * what lies between two right answers of one recall never has a better precision, so that one step is as good as two.
 */
function averagePrecision({ images, isRight }: Ranked, counts: Uint16Array, positives: number): number {
  const recall: number[] = [];
  const precision: number[] = [];
  let [right, wrong] = [0, 0];
  for (let i = 0; i < images.length; i++) {
    const count = counts[images[i]!]!;
    if (count === 0) continue;
    if (isRight[i] === 0) {
      wrong += count;
      continue;
    }
    right += count;
    recall.push(right / positives);
    precision.push(right / (wrong + right + SPACING));
  }
  for (let i = precision.length - 1; i > 0; i--)
    if (precision[i]! > precision[i - 1]!) precision[i - 1] = precision[i]!;
  let sum = 0;
  let at = 0;
  for (const wanted of RECALLS) {
    while (at < recall.length && recall[at]! < wanted) at++;
    if (at === recall.length) break;
    sum += precision[at]!;
  }
  return sum / RECALLS.length;
}

interface Matched {
  image: number;
  score: number;
  /** At each overlap. */
  verdicts: Uint8Array;
}

function ofClass(k: number, detections: Detections, truths: readonly (readonly TrueBox[])[]): OfClass {
  const images: number[] = [];
  const boxes: number[] = [];
  const all: Matched[] = [];
  for (const [image, every] of truths.entries()) {
    // Objects first: a crowd is only matched by what matches none of them.
    const own = every.filter((box) => box.class === k).sort((a, b) => Number(a.crowd) - Number(b.crowd));
    const objects = own.filter(({ crowd }) => !crowd).length;
    if (objects > 0) {
      images.push(image);
      boxes.push(objects);
    }
    const found = detections[image]!.filter((detection) => detection.class === k)
      .sort((a, b) => b.score - a.score)
      .slice(0, MOST_DETECTIONS);
    all.push(...matched(image, found, own));
  }
  all.sort((a, b) => b.score - a.score);
  return {
    images: Int32Array.from(images),
    boxes: Int32Array.from(boxes),
    ranked: OVERLAPS.map((_, t) => {
      const counted = all.filter(({ verdicts }) => verdicts[t] !== NEITHER);
      const last = counted.findLastIndex(({ verdicts }) => verdicts[t] === RIGHT);
      const kept = counted.slice(0, last + 1);
      return {
        images: Int32Array.from(kept, ({ image }) => image),
        isRight: Uint8Array.from(kept, ({ verdicts }) => verdicts[t]!),
      };
    }),
  };
}

/** Each detection, the surest first, takes the true box with the largest overlap that none before it took. */
function matched(image: number, found: readonly Detection[], truths: readonly TrueBox[]): Matched[] {
  const verdicts = found.map(() => new Uint8Array(OVERLAPS.length));
  const overlaps = found.map(({ box }) => truths.map((truth) => overlapOf(box, truth)));
  for (const [t, least] of OVERLAPS.entries()) {
    const taken = new Uint8Array(truths.length);
    for (const i of found.keys()) {
      let best = Math.min(least, ALMOST_ONE);
      let match = -1;
      for (const [g, { crowd }] of truths.entries()) {
        if (taken[g] === 1 && !crowd) continue;
        if (match >= 0 && !truths[match]!.crowd && crowd) break;
        if (overlaps[i]![g]! < best) continue;
        best = overlaps[i]![g]!;
        match = g;
      }
      if (match < 0) continue;
      taken[match] = 1;
      verdicts[i]![t] = truths[match]!.crowd ? NEITHER : RIGHT;
    }
  }
  return found.map(({ score }, i) => ({ image, score, verdicts: verdicts[i]! }));
}

/** Intersection over union; with a crowd, over the detection. */
function overlapOf([x, y, width, height]: Rectangle, { box, crowd }: TrueBox): number {
  const across = Math.min(x + width, box[0] + box[2]) - Math.max(x, box[0]);
  const down = Math.min(y + height, box[1] + box[3]) - Math.max(y, box[1]);
  if (across <= 0 || down <= 0) return 0;
  const both = across * down;
  const area = width * height;
  return both / (crowd ? area : area + box[2] * box[3] - both);
}

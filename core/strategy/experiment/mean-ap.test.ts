import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mulberry32 } from '../../base/numeric/random.ts';
import { ScoredBoxes, type Detection, type TrueBox } from './mean-ap.ts';

interface Case {
  seed: number;
  images: number;
  classes: number;
  meanAp: number;
  resampled: number;
}
const golden = JSON.parse(
  readFileSync(new URL('../../../test/goldens/detection.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

/** True boxes and detections of each image, as test/goldens/make/detection.py draws them. */
function scene({ seed, images, classes }: Case): { truths: TrueBox[][]; found: Detection[][] } {
  const draw = mulberry32(seed);
  const upTo = (most: number): number => Math.floor(draw() * most);
  const box = (): [number, number, number, number] => [
    upTo(200) / 2,
    upTo(200) / 2,
    4 + upTo(60),
    4 + upTo(60),
  ];
  const moved = (by: number): number => Math.trunc((draw() - 0.5) * by);
  const truths: TrueBox[][] = [];
  const found: Detection[][] = [];
  for (let image = 0; image < images; image++) {
    const boxes: TrueBox[] = [];
    for (let left = upTo(6); left > 0; left--) {
      const own = box();
      boxes.push({ box: own, class: upTo(classes), crowd: draw() < 0.1 });
    }
    truths.push(boxes);
    const detections: Detection[] = [];
    for (const truth of boxes)
      for (let left = upTo(3); left > 0; left--) {
        const [x, y, width, height] = truth.box;
        const own = [x + moved(12) / 2, y + moved(12) / 2] as const;
        const sides = [Math.max(1, width + moved(8)), Math.max(1, height + moved(8))] as const;
        const label = draw() < 0.85 ? truth.class : upTo(classes);
        detections.push({ class: label, box: [...own, ...sides], score: upTo(40) / 40 });
      }
    for (let left = image === 1 ? 130 : upTo(4); left > 0; left--) {
      const own = box();
      detections.push({ class: image === 1 ? 0 : upTo(classes), box: own, score: upTo(30) / 40 });
    }
    found.push(detections);
  }
  return { truths, found };
}

test.each(golden.cases)(
  'mean average precision is that of pycocotools, also of images drawn anew: %j',
  (one) => {
    const { truths, found } = scene(one);
    const scored = new ScoredBoxes(found, truths, one.classes);
    const each = new Uint16Array(one.images).fill(1);
    expect(Math.abs(scored.score(each).meanAp! - one.meanAp)).toBeLessThan(1e-9);
    const draw = mulberry32(one.seed + 1000);
    const counts = new Uint16Array(one.images);
    for (let i = 0; i < one.images; i++) counts[Math.floor(draw() * one.images)]!++;
    expect(Math.abs(scored.score(counts).meanAp! - one.resampled)).toBeLessThan(1e-9);
  },
);

test('there is none where no image has a true box, and other measures are of classes', () => {
  const [box, none] = [[0, 0, 10, 10] as const, new Uint16Array(1).fill(1)];
  const found = [{ class: 0, box, score: 0.5 }];
  const crowd = [{ class: 0, box, crowd: true }];
  expect(new ScoredBoxes([found], [crowd], 1).score(none).meanAp).toBeNull();
  expect(new ScoredBoxes([found], [[{ ...crowd[0]!, crowd: false }]], 1).score(none)).toEqual({
    accuracy: null,
    macroF1: null,
    worstClass: null,
    calibrationError: null,
    meanAp: expect.closeTo(1, 12),
  });
});

import { expect, test } from 'vitest';
import {
  calibrationSentence,
  qualitySentence,
  weakClasses,
  weakSentence,
} from '../../../rpc/contract/label-model.ts';
import { modelQuality } from './model-quality.ts';
import { labelReport, LabelledCollector } from './report.ts';

const names = ['apple', 'kiwi', 'lemon'];

/** A model that is .9 sure of one class for every image given: how many, given as what, taken for what. */
function quality(cells: readonly [given: number, taken: number, images: number][]) {
  const collector = new LabelledCollector(names.length, 1);
  for (const [given, taken, images] of cells)
    for (let i = 0; i < images; i++)
      collector.add(
        Float64Array.from(names, (_, k) => (k === taken ? 0.9 : 0.05)),
        given,
      );
  return modelQuality(
    labelReport(
      collector.labelled(),
      names,
      'holdout',
      collector.seen,
      collector.predicted(),
      collector.calibration,
    ),
  )!;
}

test('the model is judged class by class, and a class that it cannot tell is a finding', () => {
  const found = quality([
    [0, 0, 49],
    [0, 2, 1],
    [1, 1, 1],
    [1, 0, 4],
    [1, 2, 45],
  ]);
  expect(found).toMatchObject({ images: 100, right: 50 });
  expect(qualitySentence(found)).toBe(
    'Right on 50 of 100 hold-out images, which it never saw: 50 % (39.8 % to 60.2 %).',
  );
  // Nobody gave a lemon.
  expect(found.classes.map(({ name, images, right, taken }) => [name, images, right, taken])).toEqual([
    ['apple', 50, 49, { name: 'lemon', images: 1 }],
    ['kiwi', 50, 1, { name: 'lemon', images: 45 }],
  ]);
  expect(weakClasses(found).map(weakSentence)).toEqual([
    'The model is wrong on 98 % of the images of kiwi, most often taken for lemon (45): it cannot tell this class, so it proves nothing about its labels.',
  ]);
});

test('its probabilities are compared with how often it is right', () => {
  const sure = quality([
    [0, 0, 9],
    [1, 0, 11],
  ]);
  expect(sure.calibration!.error).toBeCloseTo(0.9 - 9 / 20, 9);
  expect(sure.calibration!.bins.at(-1)).toMatchObject({ images: 20, right: 9 });
  expect(calibrationSentence(sure)).toMatch(/surer than it is right: 90 % sure on average, 45 % right/);
  const honest = quality([
    [0, 0, 18],
    [1, 0, 2],
  ]);
  expect(honest.calibration!.error).toBeCloseTo(0, 9);
  expect(calibrationSentence(honest)).toMatch(/about as sure as it is right/);
});

test('nothing is said of runs that did not count every image', () => {
  const collector = new LabelledCollector(3, 1);
  collector.add(Float64Array.of(0.9, 0.05, 0.05), 0);
  const earlier = labelReport(collector.labelled(), names, 'real', 1);
  expect(modelQuality(earlier)).toBeNull();
  const uncalibrated = labelReport(collector.labelled(), names, 'real', 1, collector.predicted());
  expect(modelQuality(uncalibrated)!.calibration).toBeNull();
});

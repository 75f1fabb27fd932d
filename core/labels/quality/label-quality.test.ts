import golden from '../../../test/goldens/label-quality/confident-learning.json' with { type: 'json' };
import { describe, expect, test } from 'vitest';
import { gaussian, mulberry32 } from '../../base/numeric/random.ts';
import { softmaxRows } from '../../base/numeric/softmax.ts';
import { calibrated, classThresholds, confidentJoint, noiseOf } from './confident-joint.ts';
import { LabelledCollector, labelReport } from './report.ts';
import { ISSUE_FILTERS, labelIssues } from './label-issues.ts';
import { normalizedMargin, selfConfidence, classCounts, type Labelled } from './labelled.ts';

function labelledOf({ labels, P }: { labels: number[]; P: number[][] }): Labelled {
  return {
    classes: P[0]!.length,
    probabilities: Float64Array.from(P.flat()),
    given: Int32Array.from(labels),
  };
}

/** The generated set of 60 images and 4 classes, as the golden's recipe says. */
function mixed(): Labelled {
  const random = mulberry32(2024);
  const given = new Int32Array(60);
  const logits = new Float64Array(240);
  for (let i = 0; i < 60; i++) {
    const truth = i % 4;
    given[i] = random() > 0.2 ? truth : Math.floor(random() * 4);
    for (let k = 0; k < 4; k++) logits[i * 4 + k] = gaussian(random) + (k === truth ? 2 : 0);
  }
  return { classes: 4, given, probabilities: softmaxRows(logits, 4) };
}

const rows = (flat: Float64Array, classes: number): number[][] =>
  [...Array(flat.length / classes).keys()].map((i) => [...flat.subarray(i * classes, (i + 1) * classes)]);
const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

function expectClose(values: ArrayLike<number>, wanted: number[], digits = 9): void {
  expect(values.length).toBe(wanted.length);
  wanted.forEach((value, i) => expect(values[i]).toBeCloseTo(value, digits));
}

describe('label scores', () => {
  const small = labelledOf(golden.small);
  const thresholds = classThresholds(small);

  test('match the reference', () => {
    expect(thresholds).toHaveLength(small.classes);
    expectClose(selfConfidence(small), golden.small.self_confidence);
    expectClose(normalizedMargin(small), golden.small.normalized_margin);
    expectClose(thresholds, golden.small.thresholds);
  });

  test('say nothing of a margin when there is one class', () => {
    const one: Labelled = { classes: 1, probabilities: Float64Array.of(1), given: Int32Array.of(0) };
    expect(normalizedMargin(one)).toEqual(Float64Array.of(Number.NaN));
  });
});

describe('the confident joint', () => {
  test('of the 12 images of the text', () => {
    const labelled = labelledOf(golden.joint);
    const joint = confidentJoint(labelled);
    expectClose(classThresholds(labelled), golden.joint.thresholds);
    expect(rows(joint.counts, 3)).toEqual(golden.joint.cj_uncal);
    const whole = calibrated(joint, classCounts(labelled));
    expect(rows(whole, 3)).toEqual(golden.joint.cj_cal);
    const { truePriors, noise, inverse } = noiseOf(whole);
    expectClose(truePriors, golden.joint.py);
    expectClose(noise, golden.joint.noise_matrix.flat());
    expectClose(inverse, golden.joint.inv.flat());
    for (const filter of ISSUE_FILTERS) expect(labelIssues(labelled)[filter]).toEqual(golden.joint[filter]);
  });

  test('of 60 images in 4 classes, with every filter', () => {
    const labelled = mixed();
    const wanted = golden.mixed60x4;
    expect([...labelled.given]).toEqual(wanted.labels);
    expectClose(labelled.probabilities.subarray(0, 4), wanted.P0);
    expectClose(classThresholds(labelled), wanted.thresholds);
    const joint = confidentJoint(labelled);
    expect(rows(joint.counts, 4)).toEqual(wanted.cj_uncal);
    const whole = calibrated(joint, classCounts(labelled));
    expect(rows(whole, 4)).toEqual(wanted.cj_cal);
    const { truePriors, noise } = noiseOf(whole);
    expectClose(truePriors, wanted.py, 7);
    expectClose(noise, wanted.noise_matrix.flat(), 7);
    for (const filter of ISSUE_FILTERS) expect(labelIssues(labelled)[filter]).toEqual(wanted[filter]);
    expect(sum(selfConfidence(labelled))).toBeCloseTo(wanted.sum_sc, 9);
    expect(sum(normalizedMargin(labelled))).toBeCloseTo(wanted.sum_nm, 9);
  });

  test('counts a class that nobody was given as never confident', () => {
    const labelled: Labelled = {
      classes: 3,
      probabilities: Float64Array.of(0.1, 0, 0.9, 0, 0.2, 0.8),
      given: Int32Array.of(0, 1),
    };
    const joint = confidentJoint(labelled);
    expect(rows(joint.counts, 3)[2]).toEqual([0, 0, 1]);
    expect(noiseOf(calibrated(joint, classCounts(labelled))).truePriors.every(Number.isFinite)).toBe(true);
    expect(labelIssues(labelled).prune_by_noise_rate).toEqual([]);
  });
});

describe('the report', () => {
  const labelled = mixed();
  const names = ['a', 'b', 'c', 'd'];

  test('counts every image once, and agrees with the filters', () => {
    const report = labelReport(labelled, names, 'synthetic', 60);
    expect(report.confusion.flat().reduce((a, b) => a + b, 0) + report.uncounted).toBe(60);
    expect(report.issues['both']).toBe(golden.mixed60x4.both.length);
    expect(report.wrongShare).toBeCloseTo(1 - 53 / 60, 9);
  });

  test('says nothing of a class that nobody was given', () => {
    const [first] = labelReport(
      { ...labelled, given: labelled.given.map((k) => k || 1) },
      names,
      'real',
      60,
    ).classes;
    expect(first).toMatchObject({ given: 0, threshold: null, noise: null, wrong: null });
  });

  test('counts every image by given and most probable class, sampled or not', () => {
    const collector = new LabelledCollector(4, 1, 40);
    for (const [i, label] of labelled.given.entries())
      collector.add(labelled.probabilities.subarray(i * 4, i * 4 + 4), label);
    expect(collector.labelled().given).toHaveLength(10);
    const cells = collector.predicted();
    expect(cells.reduce((total, [, , images]) => total + images, 0)).toBe(60);
    const wrong = cells.filter(([given, predicted]) => given !== predicted);
    expect(wrong.reduce((total, [, , images]) => total + images, 0)).toBe(
      golden.mixed60x4.predicted_neq_given.length,
    );
    expect(cells).toEqual(cells.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]));
  });

  test('is made from a uniform sample where there are very many', () => {
    const kept = new Int32Array(1000);
    for (let seed = 1; seed <= 400; seed++) {
      const collector = new LabelledCollector(1000, seed, 100_000);
      const row = new Float64Array(1000);
      for (let i = 0; i < 1000; i++) collector.add(row, i);
      for (const given of collector.labelled().given) kept[given]!++;
      expect(collector.seen).toBe(1000);
    }
    // 40 expected each, standard deviation 6: early and late images alike.
    for (const part of [kept.subarray(0, 100), kept.subarray(450, 550), kept.subarray(900)])
      expect(Math.abs(part.reduce((a, b) => a + b, 0) - 4000)).toBeLessThan(300);
  });
});

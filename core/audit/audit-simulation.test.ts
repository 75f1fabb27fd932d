import { expect, test } from 'vitest';
import { betaCdf } from '../base/numeric/special.ts';
import { mulberry32, sampleWithoutReplacement, type Random } from '../base/numeric/random.ts';
import { countUpperBound, estimateRest } from './audit.ts';
import { finiteSampleSize } from './audit-plan.ts';
import { stratifiedEstimate } from './audit-strata.ts';
import { correctForReviewers } from './audit-report.ts';

const TRIALS = 2000;
const CONFIDENCE = 0.95;

/** Whether this many misses of a bound in 2,000 trials can be chance: fails a sound bound once in a million runs. */
function canBeChance(misses: number, doubt: number): boolean {
  // The probability of as many or more, by the binomial distribution.
  return misses === 0 || betaCdf(doubt, misses, TRIALS - misses + 1) > 1e-6;
}

/** Counts wrong members in a simple random sample of a population whose first `wrong` members are wrong. */
function draw(random: Random, population: number, wrong: number, sampled: number): number {
  return sampleWithoutReplacement(random, population, sampled).filter((member) => member < wrong).length;
}

test.each([
  [1000, 0],
  [1000, 1],
  [1000, 10],
  [1000, 50],
  [300, 150],
  [40, 3],
])('of %i images with %i wrong the bound holds as often as it says', (population, wrong) => {
  const random = mulberry32(population + wrong);
  const sampled = Math.min(100, population / 2);
  let misses = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const errors = draw(random, population, wrong, sampled);
    const { countUpper } = estimateRest({ population, sampled, errors, confidence: CONFIDENCE });
    if (countUpper < wrong) misses++;
  }
  expect(canBeChance(misses, 1 - CONFIDENCE), `${misses} misses`).toBe(true);
});

test('holds when reviewers leave some undecided, right or wrong', () => {
  const random = mulberry32(5);
  let misses = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const found = draw(random, 800, 40, 90);
    // The harder ones are skipped: half of the wrong.
    const unsure = Math.floor(found / 2);
    const { countUpper } = estimateRest({
      population: 800,
      sampled: 90,
      errors: found - unsure,
      unsure,
      confidence: CONFIDENCE,
    });
    if (countUpper < 40) misses++;
  }
  expect(canBeChance(misses, 1 - CONFIDENCE), `${misses} misses`).toBe(true);
});

test('by strata all bounds hold at the same time', () => {
  const random = mulberry32(6);
  const strata = [
    { population: 500, wrong: 0, sampled: 40 },
    { population: 300, wrong: 30, sampled: 40 },
    { population: 60, wrong: 1, sampled: 10 },
  ];
  let misses = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const { upper } = stratifiedEstimate(
      strata.map(({ population, wrong, sampled }) => ({
        population,
        sampled,
        errors: draw(random, population, wrong, sampled),
      })),
      CONFIDENCE,
    );
    if (upper.some((count, h) => count < strata[h]!.wrong)) misses++;
  }
  expect(canBeChance(misses, 1 - CONFIDENCE), `${misses} misses`).toBe(true);
});

test('holds for reviewers who overlook a third of all errors, corrected by gold items', () => {
  const random = mulberry32(7);
  const [rate, sensitivity] = [0.08, 0.67];
  let [misses, naive] = [0, 0];
  for (let trial = 0; trial < TRIALS; trial++) {
    let errors = 0;
    for (let i = 0; i < 150; i++) if (random() < rate && random() < sensitivity) errors++;
    let caught = 0;
    for (let i = 0; i < 30; i++) if (random() < sensitivity) caught++;
    const { rateUpper } = correctForReviewers(
      { sampled: 150, errors, unsure: 0 },
      { wrong: 30, caught, right: 30, left: 30 },
      CONFIDENCE,
    );
    if (rateUpper < rate) misses++;
    if (countUpperBound(errors, 150, 100_000, CONFIDENCE) / 100_000 < rate) naive++;
  }
  expect(canBeChance(misses, 1 - CONFIDENCE), `${misses} misses`).toBe(true);
  // Without the correction the bound would break far too often, so the test can fail.
  expect(canBeChance(naive, 1 - CONFIDENCE)).toBe(false);
});

test('each repeated look is held to a higher confidence', () => {
  const random = mulberry32(8);
  const [population, wrong, sampled, target] = [2000, 60, 100, 0.03];
  const holdsBack = (look: number): number => (look === 1 ? CONFIDENCE : 1 - (1 - CONFIDENCE) / 2 ** look);
  let [passed, unchecked] = [0, 0];
  for (let trial = 0; trial < TRIALS; trial++) {
    let [isPassed, isUnchecked] = [false, false];
    for (let look = 1; look <= 6; look++) {
      const errors = draw(random, population, wrong, sampled);
      if (countUpperBound(errors, sampled, population, holdsBack(look)) / population < target)
        isPassed = true;
      if (countUpperBound(errors, sampled, population, CONFIDENCE) / population < target) isUnchecked = true;
    }
    if (isPassed) passed++;
    if (isUnchecked) unchecked++;
  }
  // .05 for the first look, and .05 / 4, / 8 ... for the next: under .075 in all.
  expect(canBeChance(passed, 0.075), `${passed} passed`).toBe(true);
  expect(canBeChance(unchecked, 0.075), `${unchecked} would have passed`).toBe(false);
});

test('a planned sample is just large enough', () => {
  for (const population of [200, 5000])
    for (const allowed of [0, 1, 2]) {
      const size = finiteSampleSize(population, 0.02, CONFIDENCE, allowed);
      expect(countUpperBound(allowed, size, population, CONFIDENCE)).toBeLessThanOrEqual(0.02 * population);
      expect(countUpperBound(allowed, size - 1, population, CONFIDENCE)).toBeGreaterThan(0.02 * population);
    }
});

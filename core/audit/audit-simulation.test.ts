import { expect, test } from 'vitest';
import { betaCdf } from '../base/numeric/special.ts';
import { mulberry32, sampleWithoutReplacement, type Random } from '../base/numeric/random.ts';
import { oneAudit } from '../../test/support/audit-evidence.ts';
import { confidenceOfLook, estimateRest } from './audit.ts';
import { auditsNeeded } from './audits-needed.ts';
import { stratifiedEstimate } from './audit-strata.ts';
import { correctForReviewers } from './audit-report.ts';

const TRIALS = 2000;
const CONFIDENCE = 0.95;

/** Whether this many misses of a bound in 2,000 trials can be chance: fails a sound bound once in a million runs. */
function canBeChance(misses: number, doubt: number, trials = TRIALS): boolean {
  // The probability of as many or more, by the binomial distribution.
  return misses === 0 || betaCdf(doubt, misses, trials - misses + 1) > 1e-6;
}

const upperOf = (errors: number, sampled: number, population: number, confidence: number): number =>
  estimateRest(oneAudit(population, sampled, errors), confidence).countUpper;

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
    const { countUpper } = estimateRest(oneAudit(population, sampled, errors), CONFIDENCE);
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
    const { countUpper } = estimateRest(oneAudit(800, 90, found - unsure, unsure), CONFIDENCE);
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
      strata.map(({ population, wrong, sampled }) =>
        oneAudit(population, sampled, draw(random, population, wrong, sampled)),
      ),
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
    if (upperOf(errors, 150, 100_000, CONFIDENCE) / 100_000 < rate) naive++;
  }
  expect(canBeChance(misses, 1 - CONFIDENCE), `${misses} misses`).toBe(true);
  // Without the correction the bound would break far too often, so the test can fail.
  expect(canBeChance(naive, 1 - CONFIDENCE)).toBe(false);
});

/** How the ranked part of a made queue is chosen: what it takes is reviewed, and lost to the rest. */
const RANKERS = {
  /** Finds more faults than chance. */
  good: () => (isWrong: boolean, luck: number) => luck + Number(isWrong) / 2,
  /** Finds all of them. */
  perfect: () => (isWrong: boolean) => Number(isWrong),
  /** Takes the sound ones. */
  worst: () => (isWrong: boolean) => -Number(isWrong),
  /** Is perfect after an audit that found faults, and the worst after one that did not. */
  changing: (found: number) => (isWrong: boolean) => (found > 0 ? 1 : -1) * Number(isWrong),
};

/** Draws three queues one after the other from 400 images, and more that come in between: is a statement wrong, per look? */
function threeQueues(
  random: Random,
  {
    rate,
    ranker,
    fresh,
    stopsEarly,
  }: { rate: number; ranker: keyof typeof RANKERS; fresh: number; stopsEarly: boolean },
): boolean[] {
  const isWrong: boolean[] = [];
  const add = (images: number): void => {
    for (let i = 0; i < images; i++) isWrong.push(random() < rate);
  };
  add(400);
  const reviewed = new Set<number>();
  const queues: { rest: ReadonlySet<number>; drawn: ReadonlySet<number>; images: number }[] = [];
  const countWrong = (images: Iterable<number>): number => [...images].filter((i) => isWrong[i]).length;
  let found = 0;
  return [0, 1, 2].map((queue) => {
    if (queue > 0) add(fresh);
    const worth = RANKERS[ranker](found);
    const frame = [...isWrong.keys()]
      .filter((i) => !reviewed.has(i))
      .map((i) => ({ i, worth: worth(isWrong[i]!, random()) }))
      .sort((a, b) => b.worth - a.worth)
      .map(({ i }) => i);
    const rest = frame.slice(30);
    // Who likes the first result looks a little more, who does not looks harder.
    const size = stopsEarly && queue > 0 ? (found === 0 ? 5 : 80) : 40;
    const drawn = new Set(Array.from(sampleWithoutReplacement(random, rest.length, size), (i) => rest[i]!));
    queues.push({ rest: new Set(rest), drawn, images: isWrong.length });
    for (const i of [...frame.slice(0, 30), ...drawn]) reviewed.add(i);
    found = countWrong(drawn);
    const unseen = rest.filter((i) => !reviewed.has(i));
    const { unseenUpper } = estimateRest({
      unseen: unseen.length,
      waves: queues.map((wave) => ({
        population: wave.rest.size,
        sampled: wave.drawn.size,
        errors: countWrong(wave.drawn),
        unsure: 0,
        foundElsewhere: countWrong([...reviewed].filter((i) => wave.rest.has(i) && !wave.drawn.has(i))),
        outside: unseen.filter((i) => !wave.rest.has(i)).length,
        newer: isWrong.length - wave.images,
      })),
    });
    return unseenUpper < countWrong(unseen);
  });
}

test.each([
  { rate: 0.01, ranker: 'good', fresh: 0, stopsEarly: false },
  { rate: 0.05, ranker: 'worst', fresh: 0, stopsEarly: false },
  { rate: 0.2, ranker: 'perfect', fresh: 0, stopsEarly: true },
  { rate: 0.2, ranker: 'changing', fresh: 0, stopsEarly: true },
  { rate: 0.1, ranker: 'good', fresh: 40, stopsEarly: false },
] as const)('the pooled bound of two and three queues holds as often as it says: %o', (made) => {
  const random = mulberry32(9);
  const trials = 400;
  const misses = [0, 0, 0];
  let ever = 0;
  for (let trial = 0; trial < trials; trial++) {
    const missed = threeQueues(random, made);
    missed.forEach((isMissed, look) => (misses[look]! += Number(isMissed)));
    ever += Number(missed.includes(true));
  }
  for (const count of misses)
    expect(canBeChance(count, 1 - CONFIDENCE, trials), `${misses.join(', ')} misses`).toBe(true);
  // .05 for the first look, and .05 / 4, / 8 for the next: all of them together under .075.
  expect(canBeChance(ever, 0.075, trials), `${ever} with a miss`).toBe(true);
});

test('each repeated look is held to a higher confidence', () => {
  const random = mulberry32(8);
  const [population, wrong, sampled, target] = [2000, 60, 100, 0.03];
  let [passed, unchecked] = [0, 0];
  for (let trial = 0; trial < TRIALS; trial++) {
    let [isPassed, isUnchecked] = [false, false];
    for (let look = 1; look <= 6; look++) {
      const errors = draw(random, population, wrong, sampled);
      const bound = upperOf(errors, sampled, population, confidenceOfLook(look)) / population;
      if (bound < target) isPassed = true;
      if (upperOf(errors, sampled, population, CONFIDENCE) / population < target) isUnchecked = true;
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
      const size = auditsNeeded({ unseen: population, waves: [] }, 0.02, CONFIDENCE, allowed);
      expect(upperOf(allowed, size, population, CONFIDENCE)).toBeLessThanOrEqual(0.02 * population);
      expect(upperOf(allowed, size - 1, population, CONFIDENCE)).toBeGreaterThan(0.02 * population);
    }
});

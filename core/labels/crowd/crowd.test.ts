import golden from '../../../test/goldens/label-quality/crowd.json' with { type: 'json' };
import { describe, expect, test } from 'vitest';
import { activeLab } from './active-lab.ts';
import { type Crowd, majorityVote } from './crowd.ts';
import { crowdlab } from './crowdlab.ts';

function crowdOf({
  answers,
  probabilities,
}: {
  answers: (number | null)[][];
  probabilities: number[][];
}): Crowd {
  return {
    classes: probabilities[0]!.length,
    annotators: answers[0]!.length,
    answers: Int32Array.from(answers.flat(), (answer) => answer ?? -1),
    probabilities: Float64Array.from(probabilities.flat()),
  };
}

function expectClose(values: ArrayLike<number>, wanted: number[]): void {
  expect(values.length).toBe(wanted.length);
  wanted.forEach((value, i) => expect(values[i]).toBeCloseTo(value, 9));
}

describe.each(['small', 'mixed'] as const)('several answers an image, golden %s', (name) => {
  const facts = golden[name];
  const crowd = crowdOf(facts);

  test("CROWDLAB: consensus, its quality, and everybody's weight and quality", () => {
    const found = crowdlab(crowd);
    expect([...found.consensus]).toEqual(facts.consensus);
    expectClose(found.quality, facts.quality);
    expectClose(found.agreement, facts.agreement);
    expect(found.weights.model).toBeCloseTo(facts.modelWeight, 9);
    expectClose(found.weights.annotators, facts.annotatorWeights);
    expectClose(found.annotatorQuality, facts.annotatorQuality);
    const rows = found.posterior.length / crowd.classes;
    expect(found.posterior.reduce((a, b) => a + b, 0)).toBeCloseTo(rows, 9);
  });

  test('ActiveLab: scores of answered and unanswered images, at the temperature that the answers ask for', () => {
    const unanswered = Float64Array.from(facts.unanswered.flat());
    const found = activeLab(crowd, unanswered);
    expect(found.temperature).toBeCloseTo(facts.repaired.temperature, 12);
    expectClose(found.answered, facts.repaired.answered);
    expectClose(found.unanswered, facts.repaired.unanswered);
    const asReleased = activeLab(crowd, unanswered, facts.asReleased.temperature);
    expectClose(asReleased.answered, facts.asReleased.answered);
    expectClose(asReleased.unanswered, facts.asReleased.unanswered);
  });
});

test('ActiveLab takes images with one answer each, all weights 1 and no temperature', () => {
  const found = activeLab(crowdOf(golden.single), Float64Array.from(golden.single.unanswered.flat()));
  expect(found.labels).toBeNull();
  expect(found.temperature).toBe(1);
  expectClose(found.answered, golden.single.activeAnswered);
  expectClose(found.unanswered, golden.single.activeUnanswered);
});

describe('a majority vote', () => {
  test('of the golden', () => {
    expect([...majorityVote(crowdOf(golden.small))]).toEqual(golden.small.majority);
  });

  test('goes by the model, then the rarer class, then the more reliable annotators, then the first class', () => {
    const even = [1 / 3, 1 / 3, 1 / 3];
    const vote = (tied: number[], p: number[], others: (number | null)[][] = []): number =>
      majorityVote(
        crowdOf({ answers: [tied, ...others], probabilities: [p, ...others.map(() => even)] }),
      )[0]!;
    expect(vote([0, 1], [0.2, 0.5, 0.3])).toBe(1);
    expect(vote([0, 1], even, [[0, null]])).toBe(1);
    // Both classes have five answers; the majorities bear out the second annotator and not the first.
    const rows = [
      [0, 1, null, null],
      [0, 1, 1, 1],
      [1, 0, 0, 0],
    ];
    const crowd = crowdOf({ answers: rows, probabilities: rows.map(() => even) });
    expect(majorityVote(crowd)[0]).toBe(1);
    expect(vote([1, 0], even)).toBe(0);
  });
});

describe('what cannot be judged is refused', () => {
  const once = crowdOf({
    answers: [
      [0, null],
      [null, 1],
    ],
    probabilities: [
      [0.5, 0.5],
      [0.5, 0.5],
    ],
  });
  const refused = (crowd: Crowd): unknown => {
    try {
      return crowdlab(crowd);
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  test.each([
    ['one answer each', once, 'NOT_READY'],
    ['a single class', crowdOf({ answers: [[0, 0]], probabilities: [[1]] }), 'NOT_READY'],
    [
      'an image that nobody answered',
      crowdOf({ answers: [[null, null]], probabilities: [[0.5, 0.5]] }),
      'INVALID_INPUT',
    ],
    [
      'a class that there is not',
      crowdOf({ answers: [[0, 2]], probabilities: [[0.5, 0.5]] }),
      'INVALID_INPUT',
    ],
    [
      'no images',
      { classes: 2, annotators: 2, answers: new Int32Array(), probabilities: new Float64Array() },
      'INVALID_INPUT',
    ],
  ])('%s', (_, crowd, code) => {
    expect(refused(crowd)).toBe(code);
  });

  test('but an annotator without company counts as the others do on average', () => {
    const crowd = crowdOf({
      answers: [
        [0, 0, null],
        [1, 1, null],
        [0, 1, null],
        [null, null, 1],
      ],
      probabilities: [
        [0.9, 0.1],
        [0.2, 0.8],
        [0.7, 0.3],
        [0.1, 0.9],
      ],
    });
    const found = crowdlab(crowd);
    expect(found.weights.annotators[2]).toBeCloseTo(found.weights.annotators[0]!, 12);
    expect(found.annotatorQuality[2]).toBeNaN();
    expect(found.annotatorQuality[0]).toBeGreaterThan(0.5);
  });
});

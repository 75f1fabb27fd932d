import { expect, test } from 'vitest';
import { Random } from '../../../imaging/random.ts';
import { taughtThreshold, type Answered } from './taught.ts';

const no = (...similarities: number[]): Answered[] =>
  similarities.map((similarity) => ({ isCopy: false, similarity }));
const yes = (...similarities: number[]): Answered[] =>
  similarities.map((similarity) => ({ isCopy: true, similarity }));

test('nothing is taught by four answers, nor by confirmations alone', () => {
  expect(taughtThreshold(no(0.99, 0.98, 0.97, 0.96))).toBe(0);
  expect(taughtThreshold(yes(0.9, 0.91, 0.92, 0.93, 0.94, 0.95))).toBe(0);
});

test('five pairs that are no copies make pairs no more alike than the fifth only possible copies', () => {
  expect(taughtThreshold(no(0.91, 0.99, 0.93, 0.95, 0.97))).toBe(0.91);
  expect(taughtThreshold(no(0.91, 0.99, 0.93, 0.95, 0.97, 0.96))).toBe(0.93);
});

test('as many confirmed copies, no more alike, keep the rule as it is', () => {
  const refused = no(0.91, 0.99, 0.93, 0.95, 0.97);
  expect(taughtThreshold([...refused, ...yes(0.92, 0.93, 0.94, 0.95, 0.96)])).toBe(0.91);
  expect(taughtThreshold([...refused, ...yes(0.87, 0.88, 0.89, 0.9, 0.91)])).toBe(0);
});

test('is monotone: an answer "not a copy" never lowers it, an answer "copy" never raises it', () => {
  const random = new Random(7, 'taught');
  const answers: Answered[] = [];
  let largest = 0;
  for (let i = 0; i < 400; i++) {
    const before = taughtThreshold(answers);
    const isCopy = random.chance(0.4);
    answers.push({ isCopy, similarity: random.uniform(0.85, 1) });
    const after = taughtThreshold(answers);
    expect(isCopy ? after <= before : after >= before).toBe(true);
    largest = Math.max(largest, after);
  }
  expect(largest).toBeGreaterThan(0.85);
});

import { expect, test } from 'vitest';
import { SUITABILITY_QUESTION_IDS } from '../../../rpc/contract/suitability.ts';
import { verdictOf, type Answers } from './verdict.ts';

/** A row holds for the answers that it names; `?` is open, `.` is any. In the order of the questions, 1 to 6. */
const RULES: [answers: string, anchored: boolean | null, kind: string][] = [
  ['.....n', null, 'nothing-counts'],
  ['..y...', false, 'blocked'],
  ['y.....', null, 'human-core'],
  ['...y..', null, 'human-core'],
  ['....y.', null, 'human-core'],
  ['ny.nny', null, 'strong'],
  ['nn.nny', null, 'mixed'],
  // Whatever is left has an open question among 1, 2, 4, 5 and 6.
  ['......', null, 'incomplete'],
];

test('all 3^6 answers, with an anchor policy and without, are judged by the first rule that holds', () => {
  const seen = new Map<string, number>();
  for (let number = 0; number < 3 ** 6; number++)
    for (const anchored of [true, false]) {
      const code = number
        .toString(3)
        .padStart(6, '0')
        .replaceAll('0', '?')
        .replaceAll('1', 'y')
        .replaceAll('2', 'n');
      const answers = Object.fromEntries(
        SUITABILITY_QUESTION_IDS.map((id, i) => [id, { y: 'yes', n: 'no' }[code[i]!] ?? null]),
      ) as Answers;
      const [, , kind] = RULES.find(
        ([pattern, need]) =>
          (need === null || need === anchored) &&
          pattern.split('').every((wanted, i) => wanted === '.' || wanted === code[i]),
      )!;
      const verdict = verdictOf(answers, anchored);
      expect([code, anchored, verdict.kind]).toEqual([code, anchored, kind]);
      expect(verdict.open).toEqual(SUITABILITY_QUESTION_IDS.filter((id) => answers[id] === null));
      // Nothing that is open decides, and what is not decided names what is missing.
      expect(verdict.because.every((id) => answers[id] !== null)).toBe(true);
      expect(kind === 'incomplete' && verdict.open.every((id) => id === 'iterative')).toBe(false);
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
  // Counted by hand: a third of 1,458 say no to 6; of half of the rest a third is blocked; 19 of 27 of the 810 left say a yes.
  expect(Object.fromEntries(seen)).toEqual({
    'nothing-counts': 486,
    blocked: 162,
    'human-core': 570,
    strong: 5,
    mixed: 5,
    incomplete: 230,
  });
});

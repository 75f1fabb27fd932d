import { describe, expect, test } from 'vitest';
import { cohensKappa, krippendorffsAlpha } from './agreement.ts';

const pairsOf = (a: string, b: string): [string, string][] => a.split('').map((answer, i) => [answer, b[i]!]);

describe("Cohen's kappa", () => {
  test('of two reviewers of ten items, as scikit-learn 1.x gives it (cohen_kappa_score)', () => {
    const found = cohensKappa(pairsOf('0011220120', '0012220111'));
    expect(found.kappa).toBeCloseTo(0.552238806, 9);
    expect(found).toMatchObject({ items: 10, agreed: 7, answers: ['0', '1', '2'] });
    expect(found.confusion).toEqual([
      [3, 1, 0],
      [0, 2, 1],
      [0, 1, 2],
    ]);
  });

  // The usual introduction: fifty proposals, two readers; po = 0.7, pe = 0.5, kappa = 0.4.
  test('of fifty proposals read twice', () => {
    const table = [
      [20, 5],
      [10, 15],
    ];
    const pairs = table.flatMap((row, i) =>
      row.flatMap((count, j) => Array.from({ length: count }, (): [string, string] => [`${i}`, `${j}`])),
    );
    const found = cohensKappa(pairs);
    expect(found).toMatchObject({ items: 50, agreed: 35, confusion: table });
    expect(found.kappa).toBeCloseTo(0.4, 12);
  });

  test('is 1 for full agreement, below 0 for less than chance, and undefined without variation or overlap', () => {
    expect(cohensKappa(pairsOf('abab', 'abab')).kappa).toBe(1);
    expect(cohensKappa(pairsOf('ab', 'ba')).kappa).toBe(-1);
    expect(cohensKappa(pairsOf('aaa', 'aaa')).kappa).toBeNull();
    expect(cohensKappa(pairsOf('aaa', 'bbb')).kappa).toBe(0);
    expect(cohensKappa([])).toEqual({ items: 0, agreed: 0, kappa: null, answers: [], confusion: [] });
  });
});

describe("Krippendorff's alpha", () => {
  // Krippendorff 2011, section C: four observers, twelve units, missing data; nominal alpha = 0.743.
  const FOUR = [
    '1 2 3 3 2 1 4 1 2 . . .',
    '1 2 3 3 2 2 4 1 2 5 . 3',
    '. 3 3 3 2 3 4 2 2 5 1 .',
    '1 2 3 3 2 4 4 1 2 5 1 .',
  ].map((row) => row.split(' '));

  test('of the four observers in its source, missing answers included', () => {
    const units = FOUR[0]!.map((_, u) => FOUR.map((row) => row[u]!).filter((answer) => answer !== '.'));
    expect(krippendorffsAlpha(units)).toBeCloseTo(0.7434210526, 9);
  });

  test('of two observers and four units, as the krippendorff package gives it', () => {
    expect(krippendorffsAlpha(['00', '01', '11', '11'].map((unit) => unit.split('')))).toBeCloseTo(
      0.5333333333,
      9,
    );
  });

  test('is undefined where nothing was answered twice or nothing varies', () => {
    expect(krippendorffsAlpha([])).toBeNull();
    expect(krippendorffsAlpha([['a'], ['b'], []])).toBeNull();
    expect(
      krippendorffsAlpha([
        ['a', 'a'],
        ['a', 'a', 'a'],
      ]),
    ).toBeNull();
    expect(
      krippendorffsAlpha([
        ['a', 'b'],
        ['b', 'a'],
      ]),
    ).toBeLessThan(0);
  });
});

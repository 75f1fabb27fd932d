import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InferenceProcess } from '../../../models/inference-process.ts';
import { expectedCalibrationError } from '../../labels/model/calibration.ts';
import { gaussian, mulberry32, streamOf } from '../../base/numeric/random.ts';
import { temporaryFolder } from '../../../test/support/folders.ts';
import { simulate } from '../../../test/support/simulated-images.ts';
import { analyse } from './analyse.ts';
import { softLabelsOf } from '../../labels/soft-labels.ts';
import { drawOrder, labelsOfArm, planArms, softOfArm } from './arms.ts';
import { intervalOf, minus, resample } from './bootstrap.ts';
import { detectionsIn } from './box-predictions.ts';
import { trainGrid, type ExperimentData } from './grid.ts';
import { boxJudge, classJudge } from './judge.ts';
import { between, errorAt, fitPowerLaw } from './learning-curve.ts';
import { answersOf, Scored, weigh, type Answers } from './metrics.ts';
import { answersIn } from './predictions.ts';
import { holdoutNeeded, holm, leastEffect, majority, mcnemarExact, spreadOf, standingOf } from './tests.ts';

describe('metrics', () => {
  const truth = Int32Array.of(0, 0, 0, 0, 1, 1, 1, 2, 2, 3);
  const predicted = Int32Array.of(0, 0, 1, 2, 1, 1, 0, 2, 4, 3);
  const scored = new Scored({ predicted, confidence: null }, truth, 5);

  test('are those of scikit-learn 1.9, macro over the classes that the hold-out has', () => {
    expect(scored.score(weigh(truth, 5, new Uint16Array(10).fill(1)))).toEqual({
      accuracy: 0.6,
      macroF1: expect.closeTo(0.6845238095238095, 12),
      worstClass: 0.5,
      calibrationError: null,
      meanAp: null,
    });
    expect(scored.score(weigh(truth, 5, Uint16Array.of(1, 0, 2, 1, 1, 3, 1, 0, 2, 1)))).toMatchObject({
      accuracy: 0.5,
      macroF1: expect.closeTo(0.5151515151515151, 12),
      worstClass: 0,
    });
  });

  test('have the calibration error that label models have', () => {
    const random = mulberry32(4);
    const probabilities = Float64Array.from({ length: 300 }, () => random());
    for (let i = 0; i < 300; i += 3) {
      const sum = probabilities[i]! + probabilities[i + 1]! + probabilities[i + 2]!;
      for (let k = 0; k < 3; k++) probabilities[i + k]! /= sum;
    }
    const labels = Int32Array.from({ length: 100 }, (_, i) => i % 3);
    const found = new Scored(answersOf(probabilities, 3), labels, 3).score(
      weigh(labels, 3, new Uint16Array(100).fill(1)),
    );
    expect(found.calibrationError).toBeCloseTo(expectedCalibrationError(probabilities, labels, 3), 5);
  });
});

describe('tests of pairs', () => {
  test('McNemar is exact, as statsmodels 0.15 has it', () => {
    expect(mcnemarExact(5, 15)).toBeCloseTo(0.04138946533203125, 12);
    expect(mcnemarExact(0, 6)).toBeCloseTo(0.03125, 12);
    expect(mcnemarExact(121, 59)).toBeCloseTo(4.4344492637551645e-6, 12);
    expect([mcnemarExact(3, 3), mcnemarExact(0, 0)]).toEqual([1, 1]);
  });

  test('Holm is as statsmodels has it', () => {
    const expected = [0.04, 0.09, 0.09, 0.025, 0.5].map((p) => expect.closeTo(p, 12));
    expect(holm([0.01, 0.04, 0.03, 0.005, 0.5])).toEqual(expected);
  });

  test('an interval is above the margin, below it, or neither', () => {
    expect(standingOf([-0.019, 0.01], 150, 0.02)).toBe('not-inferior');
    expect(standingOf([-0.05, -0.021], 20, 0.02)).toBe('inferior');
    expect(standingOf([-0.05, -0.01], 999, 0.02)).toBe('unclear');
  });

  test('the answer of most seeds holds, and of equals the one that came first', () => {
    const said = [Int32Array.of(0, 2), Int32Array.of(1, 1), Int32Array.of(1, 0)];
    const answers = said.map((predicted) => ({ predicted, confidence: null }));
    expect(majority(answers)).toEqual(Int32Array.of(1, 2));
  });

  /** Two models on `images` images at ten seeds: each image and each seed has an effect of its own. */
  function crossed(images: number, seed: number): { a: Answers[]; b: Answers[]; truth: Int32Array } {
    const random = streamOf(seed, 'crossed');
    const ofImage = Float64Array.from({ length: images }, () => 0.2 * gaussian(random));
    const model = (loss: number): Answers[] =>
      Array.from({ length: 10 }, () => {
        const ofSeed = 0.04 * gaussian(random);
        const isRight = (i: number): boolean =>
          random() < 0.75 - loss + (loss > 0 ? ofImage[i]! + ofSeed : 0);
        return {
          predicted: Int32Array.from({ length: images }, (_, i) => Number(isRight(i))),
          confidence: null,
        };
      });
    return { a: model(0.05), b: model(0), truth: new Int32Array(images).fill(1) };
  }

  test('the spread of a difference is what it is from set to set, and sets the size that is needed', () => {
    const values: number[] = [];
    let predicted = 0;
    for (let run = 0; run < 150; run++) {
      const { a, b, truth } = crossed(200, run);
      const share = (answers: Answers[]): number =>
        answers.reduce((sum, each) => sum + each.predicted.reduce((x, y) => x + y, 0), 0) / 2000;
      values.push(share(a) - share(b));
      const { image, seeds, images } = spreadOf(a, b, truth);
      predicted += (image / images + seeds) / 150;
    }
    const mean = values.reduce((sum, each) => sum + each, 0) / 150;
    const variance = values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 149;
    expect(Math.abs(Math.log(predicted / variance))).toBeLessThan(0.3);

    // z of 97.5 % and of 80 %: 1.959964 + 0.841621.
    const spread = { image: 0.2, seeds: 1e-5, certainSeeds: 1e-5, images: 1000 };
    expect(leastEffect(spread)).toBeCloseTo(2.801585 * Math.sqrt(0.0002 + 1e-5), 6);
    const needed = holdoutNeeded(spread, 0.02)!;
    expect(leastEffect({ ...spread, images: needed })).toBeLessThanOrEqual(0.02);
    expect(leastEffect({ ...spread, images: needed - 1 })).toBeGreaterThan(0.02);
    expect(holdoutNeeded({ ...spread, certainSeeds: 1e-4 }, 0.02)).toBeNull();
  });

  test('the bootstrap covers a difference of five points, and pairs what it compares', () => {
    let covered = 0;
    for (let run = 0; run < 40; run++) {
      const { a, b, truth } = crossed(120, run);
      const judge = classJudge(truth, 2);
      const models = [a, b, b].map((answers) => answers.map(judge.scorer));
      const [one, other, again] = resample(models, 120, judge.weigh, 200, streamOf(run, 'test'));
      const [low, high] = intervalOf(minus(one!.accuracy, other!.accuracy).draws)!;
      if (low <= -0.05 && -0.05 <= high) covered++;
      expect(intervalOf(minus(again!.accuracy, other!.accuracy).draws)).toEqual([0, 0]);
    }
    expect(covered).toBeGreaterThanOrEqual(36);
  });
});

describe('the learning curve', () => {
  // scipy 1.17, curve_fit of c + a n^-b with c, a >= 0 and .05 <= b <= 2.
  const images = [100, 200, 400, 800, 1600];
  test.each([
    [[0.31, 0.235, 0.19, 0.165, 0.148], [0.12561894, 5.91992233, 0.75333728], 0.13916321867569317],
    [[0.4, 0.27, 0.19, 0.125, 0.09], [0.0080892, 5.36468039, 0.56841091], 0.06268740606176401],
  ])('%j', (errors, [floor, scale, rate], ahead) => {
    const law = fitPowerLaw(images, errors)!;
    expect(law.floor).toBeCloseTo(floor!, 4);
    expect(law.scale).toBeCloseTo(scale!, 2);
    expect(law.rate).toBeCloseTo(rate!, 4);
    expect(errorAt(law, 3200)).toBeCloseTo(ahead, 5);
  });

  test('never falls below 0 or rises, and needs three sizes', () => {
    expect(fitPowerLaw([10, 20, 40], [0.1, 0.2, 0.3])).toMatchObject({ scale: 0 });
    expect(fitPowerLaw([10, 20, 40, 80], [0.8, 0.3, 0.1, 0.01])!.floor).toBe(0);
    expect(fitPowerLaw([10, 20, 20], [0.3, 0.2, 0.2])).toBeNull();
  });

  test('is read between measured points', () => {
    expect(between([0, 100, 400], [0, 0.1, 0.3], 100)).toBeCloseTo(0.1, 12);
    expect(between([0, 100, 400], [0, 0.1, 0.3], Math.sqrt(101 * 401) - 1)).toBeCloseTo(0.2, 12);
  });
});

describe('arms', () => {
  const wish = { ratios: [1, 0.8, 0.5, 0.2, 0], sizes: [0.25, 1], seeds: 5, pairs: 10 };

  test('are the grid of both designs, and list what there are too few images for', () => {
    const { arms, impossible } = planArms({ real: 400, generated: 900, verified: 800 }, wish, [
      'verified',
      'generated',
    ]);
    const ids = arms.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    // Two sizes of: real alone; four ratios in two states; three ratios in two states less two that are impossible; control.
    expect(ids).toHaveLength(2 + 16 + 12 - 2 + 1);
    expect(arms.find(({ id }) => id === 'same-real-100-20-real-verified')).toMatchObject({
      real: 100,
      synthetic: 400,
      seeds: 5,
    });
    expect(arms.find(({ id }) => id === 'same-total-400-80-real-generated')).toMatchObject({
      real: 320,
      synthetic: 80,
      seeds: 10,
    });
    expect(impossible).toEqual([
      { design: 'same-real', size: 400, realShare: 0.2, source: 'verified', needs: 1600, has: 800 },
      { design: 'same-real', size: 400, realShare: 0.2, source: 'generated', needs: 1600, has: 900 },
    ]);
    // The same total is what every ratio can be drawn for.
    const scarce = planArms({ real: 400, generated: 90, verified: 90 }, wish, ['generated']).arms;
    expect(Math.max(...scarce.filter((arm) => arm.design === 'same-total').map((arm) => arm.size))).toBe(90);
  });

  test('are nested and paired by seed; the control has the same images under other labels', () => {
    const real = Int32Array.from(drawOrder(7, 3, 'real', 40), (i) => i % 3);
    const order = drawOrder(7, 3, 'synthetic', 60);
    const generated = Int32Array.from(order, (i) => i % 3);
    const verified = Int32Array.from(order, (i) => (i % 5 === 0 ? -1 : i % 3));
    const arm = (source: 'generated' | 'verified' | 'shuffled', count: number, many = 30) => ({
      id: '',
      design: 'same-total' as const,
      size: many,
      realShare: 0.5,
      source,
      real: count,
      synthetic: count,
      seeds: 5,
    });
    const labels = (of: ReturnType<typeof arm>, from: Int32Array) => labelsOfArm(of, real, from, 7, 3);
    const [small, large] = [labels(arm('generated', 10), generated), labels(arm('generated', 20), generated)];
    expect(small.filter((label) => label >= 0)).toHaveLength(20);
    expect(small.map((label, row) => (label < 0 ? -1 : large[row]!))).toEqual(small);
    const reviewed = labels(arm('verified', 20), verified);
    expect(reviewed.filter((label) => label >= 0)).toHaveLength(40);
    expect(reviewed.subarray(40).filter((_, i) => verified[i]! < 0)).not.toContainEqual(
      expect.toSatisfy((label) => label >= 0),
    );
    const control = labels(arm('shuffled', 20), generated);
    expect([...control.keys()].filter((row) => control[row]! >= 0)).toEqual(
      [...large.keys()].filter((row) => large[row]! >= 0),
    );
    expect(control).not.toEqual(large);
    expect(control.toSorted()).toEqual(large.toSorted());
    expect(drawOrder(7, 4, 'real', 40)).not.toEqual(drawOrder(7, 3, 'real', 40));
  });
});

describe('soft labels', () => {
  test('are the shares of classes that are learnt; where they say no more than the label, it stays', () => {
    const shares = new Map([
      [
        11,
        new Map([
          ['cat', 0.75],
          ['yak', 0.25],
        ]),
      ],
      [
        12,
        new Map([
          ['cat', 0.5],
          ['dog', 0.25],
          ['yak', 0.25],
        ]),
      ],
      [13, new Map([['dog', 1]])],
      [14, new Map([['yak', 1]])],
      [15, new Map([['dog', 1]])],
    ]);
    const classOf = (label: string): number => ['cat', 'dog'].indexOf(label);
    const labels = Int32Array.of(0, 0, 1, 0, 0, -1);
    const soft = softLabelsOf(shares, [11, 12, 13, 14, 15, 11], labels, classOf, 2);
    expect([...soft]).toEqual([
      [1, Float64Array.of(2 / 3, 1 / 3)],
      [4, Float64Array.of(0, 1)],
    ]);
  });

  test('stand for the labels of real images, and of synthetic ones as verified alone', () => {
    const [a, b] = [Float64Array.of(0.5, 0.5), Float64Array.of(0.2, 0.8)];
    const data = {
      real: { soft: new Map([[0, a]]) },
      synthetic: {
        soft: new Map([
          [1, b],
          [2, b],
        ]),
      },
    };
    const orders = [Int32Array.of(2, 0, 1), Int32Array.of(2, 0, 1)] as const;
    // The second synthetic image in the order of the seed, the first of the pool, is not in the arm.
    const labels = Int32Array.of(0, 0, 1, 1, -1, 0);
    const rows = (source: 'generated' | 'verified' | 'shuffled' | null) => [
      ...softOfArm({ source }, labels, data, orders),
    ];
    expect(rows('verified')).toEqual([
      [1, a],
      [3, b],
      [5, b],
    ]);
    for (const source of ['generated', 'shuffled', null] as const) expect(rows(source)).toEqual([[1, a]]);
    expect([...softOfArm({ source: 'verified' }, labels.with(5, -1), data, orders).keys()]).toEqual([1, 3]);
  });
});

describe('predictions of an own network', () => {
  const arm = (id: string, source: 'generated' | null) => ({
    id,
    design: source && ('same-total' as const),
    size: 20,
    realShare: source ? 0.5 : 1,
    source,
    real: source ? 10 : 20,
    synthetic: source ? 10 : 0,
    seeds: 1,
  });
  const sets = {
    arms: [arm('real-20', null), arm('half', 'generated')],
    holdout: ['a', 'b'].map((digit) => digit.repeat(64)),
    data: { classes: ['cat', 'dog'] },
  };
  const placeOf = (name: string): number | undefined => {
    const place = ['ho/a.png', 'ho/b.png'].indexOf(name);
    return place < 0 ? undefined : place;
  };
  const read = (name: string, content: string | Uint8Array) => {
    const file = join(temporaryFolder(), name);
    writeFileSync(file, content);
    return answersIn(file, sets, placeOf);
  };
  const HEAD = 'set,image,class';
  const REAL = 'real-20/1,ho/a.png,cat\nreal-20/1,ho/b.png,dog';

  test('are read from CSV, JSON Lines and Parquet, by class or by probabilities; arms may be left out', async () => {
    const csv = await read('p.csv', `${HEAD}\n${REAL}\n`);
    expect(csv.arms.map(({ id }) => id)).toEqual(['real-20']);
    expect(csv.answers[0]).toEqual([{ predicted: Int32Array.of(0, 1), confidence: null }]);
    const wide = 'set,image,p_dog,p_cat\nreal-20/1,ho/a.png,0.25,0.75\nreal-20/1,ho/b.png,0.98,0.01\n';
    const [[sure]] = (await read('p.csv', wide)).answers as [[Answers]];
    expect(sure.predicted).toEqual(Int32Array.of(0, 1));
    expect(sure.confidence![1]).toBeCloseTo(0.98 / 0.99, 6);
    const rows = ['a', 'b'].map((name, i) => ({
      set: 'real-20/1',
      image: `ho/${name}.png`,
      probabilities: { cat: 1 - i, dog: i },
    }));
    const lines = await read('p.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
    expect(lines.answers[0]![0]!.confidence).toEqual(Float32Array.of(1, 1));
    const column = (name: 'set' | 'image', data: string[]) => ({ name, data, type: 'STRING' as const });
    const parquet = parquetWriteBuffer({
      columnData: [
        column(
          'set',
          rows.map(({ set }) => set),
        ),
        column(
          'image',
          rows.map(({ image }) => image),
        ),
        { name: 'p_cat', data: [0.6, 0.3], type: 'DOUBLE' },
        { name: 'p_dog', data: [0.4, 0.7], type: 'DOUBLE' },
      ],
    });
    const [[table]] = (await read('p.parquet', new Uint8Array(parquet))).answers as [[Answers]];
    expect(table.confidence).toEqual(Float32Array.of(0.6, 0.7));
  });

  test.each([
    [`${HEAD}\n${REAL}\nreal-20/1,ho/c.png,cat`, 'p.csv, line 4: ho/c.png is no hold-out image'],
    [`${HEAD}\n${REAL}\nreal-20/1,ho/a.png,cat`, 'line 4: ho/a.png is predicted twice in real-20/1'],
    [
      `${HEAD}\nreal-20/1,ho/a.png,cat`,
      `1 hold-out image is not predicted in real-20/1, such as ${'b'.repeat(64)}`,
    ],
    [`${HEAD}\nreal-20/2,ho/a.png,cat`, 'line 2: there is no training set real-20/2'],
    [`${HEAD}\nreal-20/1,ho/a.png,cow`, 'line 2: there is no class cow. Classes are cat and dog.'],
    ['set,image,p_cat\nreal-20/1,ho/a.png,1', 'line 2: there is no probability of dog'],
    ['set,image,p_cat,p_dog\nreal-20/1,ho/a.png,0.5,0.4', 'line 2: the probabilities sum to 0.9, not to 1'],
    ['set,image,p_cat,p_dog\nreal-20/1,ho/a.png,2.5,-1.5', 'Give the softmax, not the logits.'],
    ['group,image,class\nreal-20/1,ho/a.png,cat', 'line 2: there is no set'],
    [`${HEAD}\nhalf/1,ho/a.png,cat\nhalf/1,ho/b.png,cat`, 'real-20, which it is compared with, is not'],
    [`${HEAD}\nreal-20/1,ho/a.png`, 'line 2'],
    [`${HEAD}\n`, 'The file holds no prediction'],
  ])('%j is refused with the line and the remedy', async (content, message) => {
    await expect(read('p.csv', content)).rejects.toThrow(message);
  });
});

describe('boxes that an own network predicts', () => {
  const arm = (id: string, source: 'generated' | null) => ({
    id,
    design: source && ('same-total' as const),
    size: 20,
    realShare: source ? 0.5 : 1,
    source,
    real: 20,
    synthetic: 0,
    seeds: 1,
  });
  const sets = {
    arms: [arm('real-20', null), arm('half', 'generated')],
    holdout: ['a', 'b'].map((digit) => digit.repeat(64)),
    data: { classes: ['cat', 'dog'] },
  };
  const placeOf = (name: string): number | undefined => {
    const place = ['ho/a.png', 'ho/b.png'].indexOf(name);
    return place < 0 ? undefined : place;
  };
  const read = (name: string, content: string) => {
    const file = join(temporaryFolder(), name);
    writeFileSync(file, content);
    return detectionsIn(file, sets, placeOf);
  };
  const box = { bbox: [1, 2, 3, 4], score: 0.5 };

  test('are read from COCO results, of each set or with it, from JSON Lines and from CSV', async () => {
    const expected = [[[[{ class: 1, box: box.bbox, score: 0.5 }], []]]];
    const coco = { ...box, image_id: 1, category_id: 2 };
    const named = { ...box, set: 'real-20/1', image: 'ho/a.png', class: 'dog' };
    for (const [name, content] of [
      ['p.json', JSON.stringify({ 'real-20/1': [coco] })],
      ['p.json', JSON.stringify([{ ...coco, set: 'real-20/1' }])],
      ['p.json', JSON.stringify([{ ...box, set: 'real-20/1', file_name: 'ho/a.png', category: 'dog' }])],
      ['p.jsonl', JSON.stringify(named)],
      ['p.csv', 'set,image,class,bbox,score\nreal-20/1,ho/a.png,dog,"[1, 2, 3, 4]",0.5\n'],
    ] as const)
      expect((await read(name, content)).answers).toEqual(expected);
    const nothing = await read('p.json', JSON.stringify({ 'real-20/1': [], 'half/1': [coco] }));
    expect(nothing.answers).toEqual([[[[], []]], [[[{ class: 1, box: box.bbox, score: 0.5 }], []]]]);
  });

  test.each([
    [[{ ...box, image_id: 3, category_id: 1 }], 'real-20/1, entry 1: image_id 3 is no hold-out image'],
    [[{ ...box, image_id: 1, category_id: 9 }], 'category_id 9 is no class'],
    [[{ ...box, image_id: 1, category: 'cow' }], 'there is no class cow. Classes are cat and dog.'],
    [[{ ...box, image_id: 1, category_id: 1, bbox: [1, 2, 3] }], 'bbox is not left, top, width and height'],
    [[{ image_id: 1, category_id: 1, bbox: box.bbox }], 'there is no score'],
    [[{ ...box, category_id: 1 }], 'there is no image'],
    [7, 'has no list of boxes of real-20/1'],
  ])('%j is refused with the row and the remedy', async (results, message) => {
    await expect(read('p.json', JSON.stringify({ 'real-20/1': results }))).rejects.toThrow(message);
  });

  test('are refused where the file is no JSON, or real images alone are missing', async () => {
    await expect(read('p.json', '{')).rejects.toThrow('is no JSON text that can be read');
    await expect(read('p.json', '{"half/1": []}')).rejects.toThrow(
      'real-20, which it is compared with, is not',
    );
    await expect(read('p.json', '{"half/2": []}')).rejects.toThrow('there is no training set half/2');
  });

  test('are compared by mAP: an arm that finds half of them is inferior, and one that finds them all is not', () => {
    const arms = planArms(
      { real: 100, generated: 100, verified: 100 },
      { ratios: [0.5, 0], sizes: [1], seeds: 10, pairs: 10 },
      ['generated'],
    ).arms.filter(({ source, design }) => source !== 'shuffled' && design !== 'same-real');
    const random = mulberry32(3);
    const truths = Array.from({ length: 200 }, (_, i) => [
      { class: i % 2, box: [0, 0, 10, 10] as const, crowd: false },
    ]);
    const answers = arms.map(({ realShare }) =>
      Array.from({ length: 10 }, () =>
        truths.map(([truth]) => (realShare === 0 && random() < 0.5 ? [] : [{ ...truth!, score: random() }])),
      ),
    );
    const found = analyse(
      { learner: 'own', isOwn: true, penalty: null },
      arms,
      answers,
      boxJudge(truths, 2),
      {
        margin: 0.02,
        draws: 200,
        seed: 7,
        ahead: { real: 500, synthetic: 5000 },
      },
    );
    expect(found.primary).toBe('meanAp');
    const [alone, half, none] = found.arms;
    expect(alone!.metrics.meanAp.value).toBeCloseTo(1, 9);
    expect(half!.against).toMatchObject({ standing: 'not-inferior', mcnemar: null });
    expect(none!.against).toMatchObject({ standing: 'inferior' });
    expect(none!.against!.differences.meanAp.value).toBeCloseTo(-0.5, 1);
    expect(none!.against!.leastEffect).toBeGreaterThan(0.03);
    expect(found.verdicts[0]).toMatchObject({ largest: 0.5, end: { share: 1 } });
  });
});

describe('an experiment in a world that is known', () => {
  const ahead = { real: 500, synthetic: 5000 };
  let kernels: InferenceProcess;
  beforeAll(async () => {
    kernels = await InferenceProcess.start();
  });
  afterAll(() => kernels.close());

  /** Four in five synthetic images of class 0 carry the label of class 1, and every synthetic image is moved. */
  const WORLD = {
    classes: 3,
    dimensions: 6,
    apart: 4,
    real: 300,
    synthetic: 1400,
    holdout: 1000,
    labelNoise: 0.8,
    shift: 0.3,
  };
  /**
   * Losses of the same total in points of accuracy for 20, 50, 80 and 100 % synthetic: means over two sets with 20,000
   * hold-out images and ten draws each.
   */
  const KNOWN = [2.4, 10.2, 24.8, 32];

  function planned(data: ExperimentData) {
    const count = (labels: Int32Array): number => labels.filter((label) => label >= 0).length;
    const { generated, verified } = data.synthetic;
    return planArms(
      { real: data.real.labels.length, generated: count(generated), verified: count(verified) },
      { ratios: [1, 0.8, 0.5, 0.2, 0], sizes: [1], seeds: 5, pairs: 10 },
      ['verified', 'generated'],
    ).arms;
  }

  test('finds the best ratio, what review is worth, and that shuffled labels lose', async () => {
    const data = simulate(WORLD, 1);
    const arms = planned(data);
    const run = { learners: ['logistic'] as ['logistic'], seed: 7 };
    const task = { signal: new AbortController().signal, progress: () => undefined };
    const [learnt] = await trainGrid(data, arms, run, kernels, task);
    const who = { learner: 'logistic', isOwn: false, penalty: learnt!.penalty };
    const wish = { margin: 0.05, draws: 300, seed: 7, ahead };
    const found = analyse(who, arms, learnt!.answers, classJudge(data.holdout.labels, 3), wish);
    const raw = found.arms.filter((arm) => arm.design === 'same-total' && arm.source === 'generated');
    for (const [i, arm] of raw.entries())
      expect(Math.abs(100 * arm.against!.differences.accuracy.value! + KNOWN[i]!)).toBeLessThan(5);
    for (const design of ['same-total', 'same-real'])
      expect(found.verdicts).toContainEqual(
        expect.objectContaining({
          design,
          source: 'generated',
          largest: expect.closeTo(0.2, 9),
          best: 0,
          isTooSmall: false,
          end: expect.objectContaining({ share: 0.5, standing: 'inferior' }),
        }),
      );
    // Without the wrong labels every ratio is as good as real images, within five points.
    expect(found.verdicts).toContainEqual(
      expect.objectContaining({ design: 'same-total', source: 'verified', largest: 1, end: null }),
    );
    // The mean of the losses that review takes away.
    expect(found.review!.mean.value).toBeGreaterThan(0.12);
    expect(found.review!.mean.interval![0]).toBeGreaterThan(0.1);
    expect(found.control).toMatchObject({ loses: true });
    const worst = raw.at(-1)!.against!;
    expect(worst.mcnemar!.holm).toBeLessThan(1e-6);
    expect(worst.mcnemar!.worse).toBeGreaterThan(worst.mcnemar!.better);

    const [again] = await trainGrid(data, arms.slice(3, 5), run, kernels, task);
    expect(again!.answers).toEqual(learnt!.answers.slice(3, 5));
  });

  test('a hold-out that is too small is said to be, also where two models agree on all of it', () => {
    const pools = { real: 100, generated: 100, verified: 100 };
    const arms = planArms(pools, { ratios: [0.5], sizes: [1], seeds: 10, pairs: 10 }, ['generated']).arms;
    const who = { learner: 'own', isOwn: true, penalty: null };
    const told = (images: number, wrong: number) => {
      const random = mulberry32(5);
      const answers = arms.map(() =>
        Array.from({ length: 10 }, () => ({
          predicted: Int32Array.from({ length: images }, () => Number(random() >= wrong)),
          confidence: null,
        })),
      );
      const truth = new Int32Array(images).fill(1);
      const found = analyse(who, arms, answers, classJudge(truth, 2), {
        margin: 0.02,
        draws: 200,
        seed: 7,
        ahead,
      });
      return { ...found.verdicts.find(({ design }) => design === 'same-total')!, words: found.verdict };
    };
    const small = told(60, 0.2);
    expect(small).toMatchObject({ largest: null, isTooSmall: true, end: { standing: 'unclear' } });
    const { holdoutNeeded: needed, leastEffect: least } = small.end!;
    expect(needed).toBeGreaterThan(60);
    expect(small.words.join(' ')).toContain(
      `the hold-out of 60 images is too small to tell: it shows differences of ${(100 * least).toFixed(1)} points or more, and the margin is 2.0; about ${needed} are needed.`,
    );
    expect(told(100, 0)).toMatchObject({ isTooSmall: true, end: { holdoutNeeded: 150, leastEffect: 0.03 } });
    expect(told(150, 0)).toMatchObject({ largest: 0.5, end: null });
  });

  test('learners take soft labels: whole shares change nothing, and half of each class tells them apart no more', async () => {
    const data = simulate({ ...WORLD, classes: 2, real: 120, holdout: 200 }, 2);
    const [arm] = planned(data).filter(({ source }) => source === null);
    const task = { signal: new AbortController().signal, progress: () => undefined };
    const learnt = async (shares?: (label: number) => Float64Array) => {
      const soft = new Map(shares && [...data.real.labels].map((label, row) => [row, shares(label)]));
      const own = { ...data, real: { ...data.real, soft } };
      const run = { learners: ['logistic', 'network'] as ('logistic' | 'network')[], seed: 7 };
      const found = await trainGrid(own, [{ ...arm!, seeds: 1 }], run, kernels, task);
      return found.map(({ answers }) => answers[0]![0]!);
    };
    const hard = await learnt();
    expect(await learnt((label) => Float64Array.of(1 - label, label))).toEqual(hard);
    for (const { confidence } of await learnt(() => Float64Array.of(0.5, 0.5)))
      expect(Math.max(...confidence!)).toBeLessThan(0.6);
    expect(Math.max(...hard[0]!.confidence!)).toBeGreaterThan(0.9);
  });

  test('a network learns what no straight line tells apart', async () => {
    const data = simulate({ ...WORLD, classes: 2, dimensions: 2, apart: 0, labelNoise: 0, shift: 0 }, 3);
    // Two classes by whether the coordinates have one sign.
    for (const { vectors, labels } of [data.real, data.holdout])
      labels.forEach((_, i) => (labels[i] = Number(vectors[2 * i]! * vectors[2 * i + 1]! > 0)));
    const [arm] = planned(data).filter(({ source }) => source === null);
    const task = { signal: new AbortController().signal, progress: () => undefined };
    const one = { ...arm!, seeds: 1 };
    const learnt = await trainGrid(
      data,
      [one],
      { learners: ['logistic', 'network'], seed: 7 },
      kernels,
      task,
    );
    const right = learnt.map(
      ({ answers }) =>
        answers[0]![0]!.predicted.filter((label, i) => label === data.holdout.labels[i]).length / 1000,
    );
    expect(right[0]).toBeLessThan(0.65);
    expect(right[1]).toBeGreaterThan(0.85);
  });

  /** Nearest class mean: quick enough for hundreds of experiments. */
  function nearestMean(data: ExperimentData, labels: Int32Array, orders: [Int32Array, Int32Array]): Answers {
    const [d, classes] = [data.dimensions, data.classes.length];
    const sums = new Float64Array(classes * d);
    const counts = new Float64Array(classes);
    labels.forEach((label, row) => {
      if (label < 0) return;
      counts[label]!++;
      const n = orders[0].length;
      const [from, i] =
        row < n ? [data.real.vectors, orders[0][row]!] : [data.synthetic.vectors, orders[1][row - n]!];
      for (let j = 0; j < d; j++) sums[label * d + j]! += from[i * d + j]!;
    });
    const distance = (i: number, k: number): number => {
      let sum = 0;
      for (let j = 0; j < d; j++)
        sum += (data.holdout.vectors[i * d + j]! - sums[k * d + j]! / counts[k]!) ** 2;
      return sum;
    };
    const predicted = data.holdout.labels.map((_, i) => {
      let best = 0;
      for (let k = 1; k < classes; k++) if (distance(i, k) < distance(i, best)) best = k;
      return best;
    });
    return { predicted, confidence: null };
  }

  test('where synthetic equals real, no ratio is called inferior by any margin in more than 5 % of 200 runs', () => {
    const same = { ...WORLD, dimensions: 3, apart: 1.6, real: 120, synthetic: 120, labelNoise: 0, shift: 0 };
    const calls = new Map<number, number>();
    for (let run = 0; run < 200; run++) {
      const data = simulate({ ...same, holdout: 80 }, run);
      const arms = planArms(
        { real: 120, generated: 120, verified: 120 },
        { ratios: [1, 0.8, 0.5, 0.2, 0], sizes: [0.5], seeds: 10, pairs: 10 },
        ['generated'],
      ).arms.filter((arm) => arm.design !== 'same-real' && arm.source !== 'shuffled');
      const answers = arms.map((arm) =>
        Array.from({ length: arm.seeds }, (_, training) => {
          const orders = [
            drawOrder(run, training, 'real', 120),
            drawOrder(run, training, 'synthetic', 120),
          ] as [Int32Array, Int32Array];
          const real = orders[0].map((i) => data.real.labels[i]!);
          const synthetic = orders[1].map((i) => data.synthetic.generated[i]!);
          return nearestMean(data, labelsOfArm(arm, real, synthetic, run, training), orders);
        }),
      );
      const wish = { margin: 1e-9, draws: 100, seed: run, ahead };
      const who = { learner: 'nearest mean', isOwn: true, penalty: null };
      for (const { against, realShare } of analyse(
        who,
        arms,
        answers,
        classJudge(data.holdout.labels, 3),
        wish,
      ).arms)
        if (against)
          calls.set(realShare, (calls.get(realShare) ?? 0) + Number(against.standing === 'inferior'));
    }
    expect([...calls.keys()]).toEqual([0.8, 0.5, 0.2, 0]);
    for (const [realShare, inferior] of calls) expect(inferior, `${realShare} real`).toBeLessThanOrEqual(10);
  });
});

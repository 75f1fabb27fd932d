import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COST_INPUTS, COST_INPUT_IDS, type CostInputId, type Range } from '../../../rpc/contract/costs.ts';
import { shaOf } from '../../../test/support/acts.ts';
import { queuedProject } from '../../../test/support/queued-project.ts';
import { record } from '../../ledger/ledger.ts';
import { verifyProjection } from '../../ledger/verify.ts';
import type { WritableProject } from '../../project/project.ts';
import { costInputsOf } from './measured.ts';
import { breakEvenAt, costsAt, partsOf, type CostValues } from './model.ts';
import { costReport } from './report.ts';
import { setCosts } from './settings.ts';
import { simulateCosts } from './simulate.ts';

/** The defaults with what is set over them, as one number or a range. */
function inputsWith(set: Partial<Record<CostInputId, number | Range>>): (Range & { input: CostInputId })[] {
  return COST_INPUT_IDS.flatMap((input) => {
    const own = set[input] ?? COST_INPUTS[input].otherwise;
    if (own === null) return [];
    return [
      typeof own === 'number' ? { input, low: own, high: own } : { input, low: own.low, high: own.high },
    ];
  });
}

const point = (set: Partial<Record<CostInputId, number>>): CostValues =>
  Object.fromEntries(
    inputsWith({ ...ZERO, ...set }).map(({ input, low }) => [input, low]),
  ) as unknown as CostValues;
const middleOf = (inputs: (Range & { input: CostInputId })[]): CostValues =>
  Object.fromEntries(
    inputs.map(({ input, low, high }) => [input, (low + high) / 2]),
  ) as unknown as CostValues;
const ZERO = Object.fromEntries(
  COST_INPUT_IDS.filter((input) => input !== 'review-price').map((input) => [input, 0]),
);

describe('the model', () => {
  test('golden: 100,000 images, 15 % reviewed at 0.15', () => {
    for (const set of [{}, { 'review-price': 0.15 }]) {
      const { hybrid } = simulateCosts(inputsWith(set), 100_000, 1).ways;
      const line = (id: string) => hybrid.lines.find((one) => one.id === id)!;
      expect(line('review').middle).toBeCloseTo(2250, 9);
      expect(line('generation').least).toBeCloseTo(100, 9);
      expect(line('generation').most).toBeCloseTo(5000, 9);
      expect(line('setup')).toMatchObject({ least: 10_000, most: 50_000 });
    }
    const priced = simulateCosts(inputsWith({ 'review-price': 0.15 }), 100_000, 1).ways.hybrid;
    const review = priced.lines.find(({ id }) => id === 'review')!;
    expect(review.least).toBeCloseTo(2250, 9);
    expect(review.most).toBeCloseTo(2250, 9);
  });

  test('break-even and totals are those of a calculation by hand', () => {
    // Each generated image costs 0.02 + 10 % x 0.50 = 0.07; by hand 1 + 36 s x 20 / 3600 = 1.20.
    const values = point({
      setup: 28_000,
      maintenance: 500,
      months: 4,
      generation: 0.02,
      'review-share': 0.1,
      'review-price': 0.5,
      collection: 1,
      'labelling-seconds': 36,
      'annotator-rate': 20,
    });
    expect(breakEvenAt(values)).toBeCloseTo(30_000 / 1.13, 6);
    const { human, raw, hybrid } = costsAt(values, 100_000);
    expect([human.total, raw.total, hybrid.total].map((total) => Math.round(total * 100) / 100)).toEqual([
      120_000, 32_000, 37_000,
    ]);
    expect(hybrid).toMatchObject({ images: 100_000, verified: 10_000 });
    expect(raw.verified).toBe(0);
    // A tenth kept out, and a fifth of the reviewed rejected: 88 of 100 are usable, and 8 verified.
    const lossy = { ...values, 'kept-out-share': 0.1, 'rejected-share': 0.2 };
    expect(partsOf(lossy).usable).toBeCloseTo(0.88, 12);
    expect(partsOf(lossy).verified).toBeCloseTo(0.08, 12);
    expect(breakEvenAt(lossy)).toBeCloseTo(30_000 / (0.88 * 1.2 - 0.07), 6);
    // Images by hand that cost nothing are never beaten; a hybrid way without set-up wins from the first image.
    expect(breakEvenAt({ ...values, collection: 0, 'labelling-seconds': 0 })).toBe(Number.POSITIVE_INFINITY);
    expect(breakEvenAt({ ...values, setup: 0, maintenance: 0 })).toBe(0);
    // What rules keep out is not there to be reviewed.
    expect(partsOf({ ...values, 'kept-out-share': 0.4, 'review-share': 1 }).reviewed).toBeCloseTo(0.6, 12);
  });

  test('each class of reviewers is paid by its own rate', () => {
    const values = point({
      'review-share': 1,
      'annotator-seconds': 36,
      'annotator-rate': 20,
      'specialist-seconds': 18,
      'specialist-rate': 100,
      'lead-seconds': 9,
      'lead-rate': 40,
    });
    expect(costsAt(values, 1000).hybrid.total).toBeCloseTo(1000 * (0.2 + 0.5 + 0.1), 9);
  });

  const Share = fc.integer({ min: 0, max: 100 }).map((whole) => whole / 100);
  const Money = fc.integer({ min: 0, max: 10_000 }).map((whole) => whole / 100);
  const Values = fc.record(
    Object.fromEntries(
      COST_INPUT_IDS.filter((input) => input !== 'review-price').map((input) => [
        input,
        COST_INPUTS[input].unit === 'share' ? Share : Money,
      ]),
    ) as Record<Exclude<CostInputId, 'review-price'>, fc.Arbitrary<number>>,
  );

  test('more review never costs less, and cheaper people make the hybrid way save less', () => {
    fc.assert(
      fc.property(Values, Share, Share, (values, factor, more) => {
        const hybrid = (share: number) => costsAt({ ...values, 'review-share': share }, 1000).hybrid.total;
        expect(hybrid(Math.min(1, values['review-share'] + more))).toBeGreaterThanOrEqual(
          hybrid(values['review-share']) - 1e-6,
        );
        // Where labelling an image takes twice as long as reviewing one, and at most half of the reviewed are rejected.
        const usual = {
          ...values,
          'labelling-seconds': 2 * values['annotator-seconds'],
          'rejected-share': values['rejected-share'] / 2,
        };
        const saving = (rate: number): number => {
          const { human, hybrid: reviewed } = costsAt({ ...usual, 'annotator-rate': rate }, 1000);
          return human.total - reviewed.total;
        };
        expect(saving(factor * values['annotator-rate'])).toBeLessThanOrEqual(
          saving(values['annotator-rate']) + 1e-6,
        );
      }),
      { numRuns: 200 },
    );
  });

  test('the hybrid way is cheaper beyond the break-even volume and not before', () => {
    fc.assert(
      fc.property(Values, (values) => {
        const volume = breakEvenAt(values);
        const saved = (images: number): number => {
          const { human, hybrid } = costsAt(values, images);
          return human.total - hybrid.total;
        };
        // Ways that cost the same for each image are told apart by rounding alone.
        fc.pre(Math.abs(saved(1e6) - saved(0)) > 1e-3);
        const isReached = Number.isFinite(volume);
        expect(isReached ? saved(volume * 1.01 + 1) : 0).toBeGreaterThanOrEqual(-1e-6);
        const before = isReached ? volume * 0.99 : 1e14;
        expect(volume > 0 ? saved(before) : 0).toBeLessThanOrEqual(1e-6 * (1 + values.setup));
      }),
      { numRuns: 200 },
    );
  });

  test('no values within the ranges make a line leave its extremes', () => {
    fc.assert(
      fc.property(Values, Values, Values, (a, b, at) => {
        const inputs = (Object.keys(a) as (keyof typeof a)[]).map((input) => ({
          input,
          low: Math.min(a[input], b[input]),
          high: Math.max(a[input], b[input]),
        }));
        const inside = Object.fromEntries(
          inputs.map(({ input, low, high }) => [input, low + (high - low) * (at[input] % 1)]),
        ) as unknown as CostValues;
        const drawn = costsAt(inside, 100);
        const { ways } = simulateCosts(inputs, 100, 1);
        for (const way of ['human', 'raw', 'hybrid'] as const)
          for (const { id, least, most } of ways[way].lines) {
            const slack = 1e-9 * (1 + most);
            expect(drawn[way].lines[id]).toBeGreaterThanOrEqual(least - slack);
            expect(drawn[way].lines[id]).toBeLessThanOrEqual(most + slack);
          }
      }),
      { numRuns: 5 },
    );
  });
});

describe('the draws', () => {
  test('ranges without width give points, whatever the seed', () => {
    const exact = inputsWith(
      Object.fromEntries(inputsWith({}).map(({ input, low, high }) => [input, (low + high) / 2])),
    );
    const once = simulateCosts(exact, 5000, 1);
    for (const { total, perImage } of Object.values(once.ways)) {
      expect(total.interval).toEqual([total.middle, total.middle]);
      expect(perImage!.interval).toEqual([perImage!.middle, perImage!.middle]);
    }
    expect(once.breakEven.interval).toEqual([once.breakEven.images, once.breakEven.images]);
    expect(once.drivers).toEqual([]);
    expect(simulateCosts(exact, 5000, 2)).toEqual(once);
  });

  test('one seed gives one answer, and an interval holds 95 % of a range', () => {
    const wide = inputsWith({ ...ZERO, setup: { low: 1000, high: 2000 } });
    const first = simulateCosts(wide, 10, 7);
    expect(simulateCosts(wide, 10, 7)).toEqual(first);
    expect(simulateCosts(wide, 10, 8)).not.toEqual(first);
    const { middle, interval } = first.ways.raw.total;
    expect(middle).toBe(1500);
    expect(interval[0]).toBeCloseTo(1025, -1);
    expect(interval[1]).toBeCloseTo(1975, -1);
    expect(first.drivers).toEqual([{ input: 'setup', atLow: -1000, atHigh: -2000 }]);
    // Nothing by hand costs anything: no share of it can be saved, and no volume pays.
    expect(first.saving.share).toBeNull();
    // The curve is what a question about another volume gives.
    const usual = simulateCosts(inputsWith({}), 1000, 1);
    const tenfold = usual.curve.at(-1)!;
    expect(tenfold.hybrid.middle).toBeCloseTo(
      costsAt(middleOf(inputsWith({})), tenfold.images).hybrid.total,
      4,
    );
    // It goes from below to above the volume and the break-even, and holds the volume itself.
    expect(usual.breakEven.images).toBeGreaterThan(1000);
    expect(usual.curve.map(({ images }) => images)).toContain(1000);
    expect([usual.curve[0]!.images, tenfold.images]).toEqual([100, Math.round(10 * usual.breakEven.images!)]);
    expect(usual.curve[0]!.human.middle).toBeLessThan(usual.curve[0]!.hybrid.middle);
    expect(tenfold.human.middle).toBeGreaterThan(tenfold.hybrid.middle);
    expect(first.breakEven).toEqual({ images: null, interval: [null, null], reached: 0 });
  });
});

describe('of a project', () => {
  const answer = (project: WritableProject, by: string, durationMs: number[], purpose?: 'adjudication') =>
    record(project.store, by, 'decisions.made', {
      decisions: durationMs.map((ms, image) => ({
        sha256: shaOf(image),
        verdict: 'accept' as const,
        queue: 1,
        durationMs: ms,
        ...(purpose && { purpose }),
      })),
    });
  const inputOf = (project: WritableProject, input: CostInputId) =>
    costInputsOf(project.store).find((one) => one.input === input)!;

  test('times are a stated default until enough answers are timed, then measured, by class', () => {
    const project = queuedProject();
    expect(inputOf(project, 'annotator-seconds')).toMatchObject({
      origin: 'default',
      low: 20,
      said: expect.stringMatching(/^nothing is measured here yet; assumption without a source/) as string,
    });
    expect(inputOf(project, 'review-share')).toMatchObject({ origin: 'counted', low: 0.8, high: 0.8 });
    for (const by of ['bob', 'cleo', 'dan', 'eve']) answer(project, by, [2000, 4000, 2000, 4000]);
    expect(inputOf(project, 'annotator-seconds').said).toContain(
      'only 16 answers are timed here yet, and 20',
    );
    // A time in which nobody can have looked is an answer without a time.
    answer(project, 'finn', [2000, 4000, 2000, 100]);
    answer(project, 'gwen', [10_000, 30_000], 'adjudication');
    const [people, judges] = (['annotator-seconds', 'specialist-seconds'] as const).map((input) =>
      inputOf(project, input),
    );
    // 20 answers on 4 images, of a mean of 2.95 s of those timed; 2 judgements on the same, of 20 s.
    expect((people!.low + people!.high) / 2).toBeCloseTo((56 / 19) * 5, 6);
    expect(people).toMatchObject({ origin: 'measured', said: expect.stringContaining('19 timed') as string });
    expect(people!.low).toBeLessThan(people!.high);
    // Two times as far apart tell next to nothing: the low end of the interval is a little above 0.
    expect(judges!.low).toBeCloseTo((20 - 1.96 * 10) / 2, 6);
    expect(inputOf(project, 'lead-seconds')).toMatchObject({ origin: 'measured', low: 0, high: 0 });
    project.close();
  });

  test('what is set goes on record, is replayed, and can be given back', async () => {
    const project = queuedProject();
    const set = (inputs: Record<string, Range | null>, more: { currency?: string; source?: string } = {}) =>
      setCosts(project, 'ada', {
        inputs: Object.entries(inputs).map(([input, range]) => ({ input: input as CostInputId, range })),
        source: null,
        ...more,
      });
    set({ setup: { low: 5, high: 6 }, 'review-price': { low: 0.15, high: 0.15 } }, { source: 'offer 12' });
    const settings = set({ setup: { low: 7, high: 7 } }, { currency: 'EUR' });
    expect(settings).toMatchObject({
      currency: 'EUR',
      inputs: [
        { input: 'review-price', low: 0.15, by: 'ada', source: 'offer 12' },
        { input: 'setup', low: 7, high: 7, source: null },
      ],
    });
    expect(inputOf(project, 'review-price')).toMatchObject({
      origin: 'set',
      said: expect.stringMatching(/^set by ada on \d{4}-\d\d-\d\d, event \d+: offer 12$/) as string,
    });
    // Reviews that have a price have no times.
    expect(inputOf(project, 'annotator-seconds')).toBeUndefined();
    expect(verifyProjection(project.store)).toBeNull();
    set({ 'review-price': null });
    expect(inputOf(project, 'annotator-seconds')).toMatchObject({ origin: 'default' });
    const seen = project.store.events.last()!.seq;
    for (const [inputs, words] of [
      [
        { setup: { low: 3, high: 2 } },
        /Set-up \(setup\) goes from 3 down to 2: give the lower end first, 2\.\.3/,
      ],
      [
        { generation: { low: -1, high: 2 } },
        /Generation \(generation\) begins at -1, below 0: give 0 or more/,
      ],
      [{ 'review-share': { low: 0, high: 15 } }, /\(review-share\) ends at 15, above 1: give a share/],
      [{}, /name an input/],
    ] as const)
      expect(() => set(inputs)).toThrow(words);
    expect(project.store.events.last()!.seq).toBe(seen);
    const report = await costReport(project, { images: 1000, months: 2, seed: 1, compare: false });
    expect(report).toMatchObject({ currency: 'EUR', images: { count: 1000, origin: 'asked' } });
    expect(report.inputs.find(({ input }) => input === 'months')).toMatchObject({ low: 2, origin: 'asked' });
    expect(report.nextPercent).toMatchObject({ images: 10, random: null, ranked: null });
    project.close();
  });
});

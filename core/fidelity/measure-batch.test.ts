import { beforeAll, describe, expect, test } from 'vitest';
import { gaussian, mulberry32, sampleWithoutReplacement, type Random } from '../base/numeric/random.ts';
import { readAnchor, type Anchor } from './anchor.ts';
import type { ImageSource } from './image-set.ts';
import { driftBetween, measureBatch, type BatchMeasures } from './measure-batch.ts';

const DIMENSIONS = 16;
const MODES = 5;
/** The last mode is rare. */
const SHARES = [0.3, 0.3, 0.25, 0.132, 0.018];

interface Image {
  row: number[];
  label: string;
}

/** A mixture of five modes in exact proportions; the label is the mode. */
function mixture(random: Random, n: number, modes = MODES): Image[] {
  const centre = mulberry32(77);
  const centres = Array.from({ length: MODES * DIMENSIONS }, () => 3 * gaussian(centre));
  const total = SHARES.slice(0, modes).reduce((sum, share) => sum + share, 0);
  return Array.from({ length: n }, (_, i) => {
    let left = ((i + 0.5) / n) * total;
    let mode = 0;
    while (mode < modes - 1 && left > SHARES[mode]!) left -= SHARES[mode++]!;
    return {
      row: Array.from({ length: DIMENSIONS }, (__, d) => centres[mode * DIMENSIONS + d]! + gaussian(random)),
      label: `mode-${mode}`,
    };
  });
}

function sourceOf(name: string, images: Image[]): ImageSource {
  const all = images.map(({ label }, i) => ({ label, i }));
  return {
    name,
    byLabel: new Map(
      Object.entries(Object.groupBy(images, ({ label }) => label)).map(([k, v]) => [k, v!.length]),
    ),
    read: (random, most, label) => {
      const from = label === undefined ? all : all.filter((one) => one.label === label);
      const rows = Array.from(
        sampleWithoutReplacement(random, from.length, most).sort(),
        (at) => from[at]!.i,
      );
      return {
        vectors: { data: Float32Array.from(rows.flatMap((i) => images[i]!.row)), dimensions: DIMENSIONS },
        sha256: rows.map((i) => `${name}-${i}`),
        path: rows.map((i) => `${name}/${i}.png`),
        label: rows.map((i) => images[i]!.label),
      };
    },
  };
}

const task = { signal: new AbortController().signal, progress: () => {} };
const random = mulberry32(5);
const images = mixture(random, 600);
let anchor: Anchor;
const measured = (batch: ImageSource): Promise<BatchMeasures> => measureBatch(anchor, batch, 1, task);
const outside = ({ measures }: Pick<BatchMeasures, 'measures'>): string[] =>
  measures.filter((one) => one.outside).map(({ id }) => id);

beforeAll(async () => {
  anchor = await readAnchor(sourceOf('real', images), 1, task.signal);
});

describe('a batch against the real images', () => {
  const collapsedSource = sourceOf('collapsed', mixture(random, 250, 2));
  let sound: BatchMeasures;
  let collapsed: BatchMeasures;
  beforeAll(async () => {
    sound = await measured(sourceOf('sound', mixture(random, 250)));
    collapsed = await measured(collapsedSource);
  });

  test('finds nothing much wrong with what is like the real images', () => {
    expect(outside(sound).length).toBeLessThanOrEqual(2);
    expect(sound.memorised).toEqual([]);
    expect(sound.clusters.p).toBeGreaterThan(0.01);
  });

  test('sees lost modes in recall, coverage, diversity and the clusters, not in precision', () => {
    expect(outside(collapsed)).toEqual(
      expect.arrayContaining(['recall', 'coverage', 'cluster-overlap', 'vendi', 'frechet']),
    );
    expect(outside(collapsed)).not.toContain('precision');
    expect(collapsed.clusters.p).toBeLessThanOrEqual(0.001);
  });

  test('names the rare kinds of real image that are missing, with examples', async () => {
    const { clusters } = await measured(sourceOf('without the rare', mixture(random, 600, 4)));
    expect(clusters.rare.clusters).toBeGreaterThan(0);
    const rare = clusters.missing.find(({ label }) => label === 'mode-4')!;
    expect(rare.generated).toBe(0);
    for (const { sha256 } of rare.examples) expect(images[Number(sha256.slice(5))]!.label).toBe('mode-4');
    expect(sound.clusters.missing.map(({ label }) => label)).not.toContain('mode-4');
  });

  test('measures every class within itself, with a band where there are enough real images', () => {
    const of = (name: string) => sound.classes.find((one) => one.name === name)!;
    expect(of('mode-0').measures.find(({ id }) => id === 'recall')).toMatchObject({
      band: [expect.any(Number), expect.any(Number), expect.any(Number)],
      outside: false,
    });
    expect(collapsed.classes.find(({ name }) => name === 'mode-3')).toMatchObject({
      generated: 0,
      measures: [],
      why: 'the batch has none',
    });
  });

  test('sees copies in authenticity and the copying test, and shows the pairs', async () => {
    const copies = await measured(
      sourceOf(
        'copies',
        images
          .slice(0, 250)
          .map(({ row, label }) => ({ label, row: row.map((value) => value + 0.05 * gaussian(random)) })),
      ),
    );
    expect(outside(copies)).toEqual(expect.arrayContaining(['authenticity', 'copying']));
    expect(copies.memorised.length).toBeGreaterThan(10);
    for (const { sha256, realSha256 } of copies.memorised)
      expect(realSha256).toBe(sha256.replace('copies', 'real'));
  });

  test('is the same every time, says what it needs, and can be stopped', async () => {
    expect(await measured(collapsedSource)).toEqual(collapsed);
    const few = measured(sourceOf('few', mixture(random, 5)));
    await expect(few).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringMatching('few has 5'),
    });
    const tooFew = readAnchor(sourceOf('real', mixture(random, 59)), 1, task.signal);
    await expect(tooFew).rejects.toMatchObject({ code: 'NOT_READY' });
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(measureBatch(anchor, collapsedSource, 1, { ...task, signal })).rejects.toThrow('enough');
  });
});

describe('drift', () => {
  const before = mixture(random, 200);

  test('is shown where the generator changed, and not where it did not', async () => {
    const changed = await driftBetween(
      sourceOf('before', before),
      sourceOf('now', mixture(random, 200, 2)),
      1,
      task.signal,
    );
    expect(changed).toMatchObject({ previous: 'before' });
    expect(changed!.p).toBeLessThanOrEqual(0.01);
    const same = await driftBetween(
      sourceOf('before', before),
      sourceOf('now', mixture(random, 200)),
      1,
      task.signal,
    );
    expect(same!.p).toBeGreaterThan(0.01);
    expect(Math.abs(same!.fedOnZ)).toBeLessThan(3);
  });

  test('tells a batch that was made from the one before it', async () => {
    const fed = before.map(({ row, label }) => ({ label, row: row.map((x) => x + 0.02 * gaussian(random)) }));
    const found = await driftBetween(sourceOf('before', before), sourceOf('fed', fed), 1, task.signal);
    expect(found!.fedOnZ).toBeLessThan(-3);
  });
});

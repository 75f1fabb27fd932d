import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ImageFilter, ImageSort } from '../../rpc/contract/images.ts';
import { DECISIONS, PAIR_CERTAINTIES, ROLES, RULES, STRATA } from '../../rpc/contract/terms.ts';
import { HUGE_CLASSES, HUGE_SCORES } from '../../test/support/huge-project.ts';
import { openHuge } from '../../test/support/open-huge.ts';
import type { Project } from '../project/project.ts';
import { explorerOf, resolveFilter, viewImages } from './index.ts';
import { setTag } from './tags.ts';

const SQUARE: [number, number][] = [
  [0, 0],
  [7, -1],
  [6, 6],
  [-1, 7],
];

interface Plain {
  id: number;
  sha256: string;
  batch: string;
  role: string;
  label: string | null;
  predicted: string | null;
  prompt: string | null;
  verdict: string;
  stratum: string | null;
  reviewers: string[];
  tags: string[];
  flags: string[];
  certainties: string[];
  scores: Record<string, number>;
  at: [number, number];
}

/** Every image with all that a filter looks at, by the plainest SQL. */
function everything(project: Project): Plain[] {
  const db = new Database(join(project.folder, 'project.db'), { readonly: true });
  const rows = db
    .prepare(
      `SELECT i.id, i.sha256, b.name AS batch, b.role, l.name AS label, p.name AS predicted, g.prompt,
         coalesce(v.verdict, 'none') AS verdict, q.stratum,
         (SELECT json_group_array(rule) FROM flag WHERE image_id = i.id) AS flags,
         (SELECT json_group_array(CASE rule WHEN 'near-duplicate' THEN 'neighbour' ELSE 'same-picture' END)
          FROM flag WHERE image_id = i.id) AS certainties,
         (SELECT json_group_array(name) FROM tag WHERE id IN (SELECT tag_id FROM image_tag WHERE image_id = i.id))
           AS tags,
         (SELECT json_group_array(DISTINCT reviewer) FROM decision WHERE image_id = i.id) AS reviewers,
         (SELECT json_group_object(n.name, s.value) FROM score s JOIN score_name n ON n.id = s.score_id
          WHERE s.image_id = i.id) AS scores
       FROM image i JOIN file f ON f.id = i.home_file_id JOIN batch b ON b.id = f.batch_id
         LEFT JOIN label l ON l.id = f.label_id LEFT JOIN prediction r ON r.image_id = i.id
         LEFT JOIN label p ON p.id = r.label_id LEFT JOIN generation_metadata g ON g.image_id = i.id
         LEFT JOIN verdict v ON v.image_id = i.id LEFT JOIN queue_item q ON q.image_id = i.id ORDER BY i.id`,
    )
    .all() as (Omit<Plain, 'flags' | 'certainties' | 'reviewers' | 'tags' | 'scores' | 'at'> &
    Record<'flags' | 'certainties' | 'reviewers' | 'tags' | 'scores', string>)[];
  db.close();
  const map = readPoints(join(project.folder, 'maps', 'pca.bin'));
  return rows.map((row) => ({
    ...row,
    flags: JSON.parse(row.flags) as string[],
    certainties: JSON.parse(row.certainties) as string[],
    reviewers: JSON.parse(row.reviewers) as string[],
    tags: JSON.parse(row.tags) as string[],
    scores: JSON.parse(row.scores) as Record<string, number>,
    at: map.get(row.id)!,
  }));
}

function readPoints(file: string): Map<number, [number, number]> {
  const bytes = readFileSync(file);
  const points = new Map<number, [number, number]>();
  for (let at = 0; at < bytes.length; at += 16)
    points.set(bytes.readUInt32LE(at + 8), [bytes.readFloatLE(at), bytes.readFloatLE(at + 4)]);
  return points;
}

/** The even-odd rule over all edges. */
function isInside([x, y]: [number, number], polygon: [number, number][]): boolean {
  let inside = false;
  for (const [i, [x1, y1]] of polygon.entries()) {
    const [x2, y2] = polygon[(i + 1) % polygon.length]!;
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

function passes(image: Plain, filter: ImageFilter): boolean {
  const among = <T>(list: T[] | undefined, value: T): boolean => !list?.length || list.includes(value);
  return (
    among(filter.batches, image.batch) &&
    among<string>(filter.roles, image.role) &&
    among(filter.labels, image.label) &&
    among<string | null>(filter.predicted, image.predicted) &&
    among<string>(filter.decisions, image.verdict) &&
    among<string | null>(filter.strata, image.stratum) &&
    (!filter.flags?.length || filter.flags.some((rule) => image.flags.includes(rule))) &&
    (!filter.certainties?.length || filter.certainties.some((each) => image.certainties.includes(each))) &&
    (!filter.tags?.length || filter.tags.some((tag) => image.tags.includes(tag))) &&
    (!filter.reviewers?.length || filter.reviewers.some((name) => image.reviewers.includes(name))) &&
    Object.entries(filter.scores ?? {}).every(([name, [low, high]]) => {
      const value = image.scores[name];
      return value !== undefined && value >= (low ?? -Infinity) && value <= (high ?? Infinity);
    }) &&
    (filter.prompt ?? '')
      .toLowerCase()
      .split(/\s+/u)
      .every((word) => word === '' || (image.prompt ?? '').toLowerCase().includes(word)) &&
    (!filter.lasso || isInside(image.at, filter.lasso.polygon))
  );
}

function sorted(images: Plain[], { by, order }: ImageSort): number[] {
  const sign = order === 'ascending' ? 1 : -1;
  const byScore = (a: Plain, b: Plain): number => {
    const [x, y] = [a.scores[by], b.scores[by]];
    if (x === undefined || y === undefined)
      return Number(x === undefined) - Number(y === undefined) || a.id - b.id;
    return sign * (x - y) || a.id - b.id;
  };
  const compare =
    by === 'added'
      ? (a: Plain, b: Plain): number => sign * (a.id - b.id)
      : by === 'random'
        ? (a: Plain, b: Plain): number => sign * (a.sha256 < b.sha256 ? -1 : 1)
        : byScore;
  return images.toSorted(compare).map(({ id }) => id);
}

/** Two tags, some images with both. */
async function openTagged(): Promise<Project> {
  const project = await openHuge(3000, 'write');
  const every = (n: number) => Array.from({ length: Math.floor(3000 / n) }, (_, i) => n * (i + 1));
  setTag(project, 'Ada Lovelace', { tag: 'glare', off: false }, every(7));
  setTag(project, 'Ada Lovelace', { tag: 'ask vendor', off: false }, every(11));
  return project;
}

const bound = fc.option(fc.double({ min: 0, max: 1, noNaN: true }));
const some = <T>(values: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...values]);
const anyFilter = fc.record(
  {
    batches: some(['real', 'holdout', 'night-drive', 'nowhere']),
    roles: some(['real', 'holdout', 'synthetic'] as const),
    labels: some([...HUGE_CLASSES, null, 'unheard of']),
    predicted: some(HUGE_CLASSES),
    scores: fc.dictionary(fc.constantFrom(...HUGE_SCORES), fc.tuple(bound, bound), { maxKeys: 2 }),
    flags: some(RULES),
    certainties: some(PAIR_CERTAINTIES),
    strata: some(STRATA),
    decisions: some(DECISIONS),
    reviewers: some(['Ada Lovelace', 'Emmy Noether', 'Nobody']),
    tags: some(['glare', 'ask vendor', 'nowhere']),
    prompt: fc.constantFrom('', 'RUSTY', 'photo  rusty\tconcrete', 'take 1', 'absent-word', 'on a of rust'),
    lasso: fc.constant({ layout: 'pca' as const, polygon: SQUARE }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<ImageFilter>;
const anySort: fc.Arbitrary<ImageSort> = fc.record({
  by: fc.constantFrom('added', 'random', 'entropy', 'self-confidence'),
  order: fc.constantFrom('ascending' as const, 'descending' as const),
});

test('any filter and sort finds what the plainest search finds', async () => {
  const project = await openTagged();
  const explorer = explorerOf(project);
  const images = everything(project);
  await fc.assert(
    fc.asyncProperty(anyFilter, anySort, async (filter, sort) => {
      const expected = sorted(
        images.filter((image) => passes(image, filter)),
        sort,
      );
      const view = await explorer.call('query', filter, sort);
      expect(view).toMatchObject({ total: expected.length, of: images.length });
      expect([...(await viewImages(project, view.view))]).toEqual(expected);
      expect([...(await resolveFilter(project, filter))]).toEqual(expected.toSorted((a, b) => a - b));
    }),
    { numRuns: 100 },
  );
});

test('every count of a choice is what the plainest count under the other parts finds', async () => {
  const project = await openTagged();
  const explorer = explorerOf(project);
  const images = everything(project);
  await fc.assert(
    fc.asyncProperty(anyFilter, async (filter) => {
      const under = (own: keyof ImageFilter) => {
        const { [own]: _, ...others } = filter;
        return images.filter((image) => passes(image, others));
      };
      const counted = <T>(
        own: keyof ImageFilter,
        all: readonly T[],
        has: (image: Plain, choice: T) => boolean,
      ) => all.map((choice) => under(own).filter((image) => has(image, choice)).length);
      const facets = await explorer.call('facets', filter);
      const listed = <T>(
        own: keyof ImageFilter,
        list: readonly { name: T; images: number }[],
        has: (image: Plain, choice: T) => boolean,
      ) =>
        expect(list.map((choice) => choice.images)).toEqual(
          counted(
            own,
            list.map(({ name }) => name),
            has,
          ),
        );
      listed('batches', facets.batches, (image, name) => image.batch === name);
      listed('labels', facets.labels, (image, name) => image.label === name);
      listed('predicted', facets.predicted, (image, name) => image.predicted === name);
      listed('reviewers', facets.reviewers, (image, name) => image.reviewers.includes(name));
      listed('tags', facets.tags, (image, name) => image.tags.includes(name));
      expect(facets.tags).toHaveLength(2);
      const keyed = <K extends string>(
        own: keyof ImageFilter,
        keys: readonly K[],
        counts: Record<string, number>,
        has: (image: Plain, choice: K) => boolean,
      ) => expect(keys.map((key) => counts[key])).toEqual(counted(own, keys, has));
      keyed('roles', ROLES, facets.roles, (image, role) => image.role === role);
      keyed('strata', STRATA, facets.strata, (image, stratum) => image.stratum === stratum);
      keyed('decisions', DECISIONS, facets.decisions, (image, verdict) => image.verdict === verdict);
      keyed('flags', RULES, facets.flags, (image, rule) => image.flags.includes(rule));
      keyed('certainties', PAIR_CERTAINTIES, facets.certainties, (image, certainty) =>
        image.certainties.includes(certainty),
      );
      expect(new Set(facets.labels.map(({ name }) => name))).toEqual(
        new Set(images.map(({ label }) => label)),
      );
    }),
    { numRuns: 60 },
  );
});

test('a histogram counts real and synthetic images apart, under all but its own bounds', async () => {
  const project = await openHuge(3000);
  const explorer = explorerOf(project);
  const images = everything(project);
  await fc.assert(
    fc.asyncProperty(anyFilter, fc.constantFrom(...HUGE_SCORES), async (filter, score) => {
      const { [score]: _, ...scores } = filter.scores ?? {};
      const passing = images.filter((image) => passes(image, { ...filter, scores }));
      const { min, max, whole, real, synthetic, missing } = await explorer.call(
        'histogram',
        filter,
        score,
        20,
      );
      const bins = (counted: Plain[]): number[] => {
        const counts = Array.from({ length: 20 }, () => 0);
        for (const image of counted) {
          const value = image.scores[score];
          if (value === undefined) continue;
          const bin = Math.min(19, Math.floor((value - min) * (20 / (max - min))));
          counts[bin] = counts[bin]! + 1;
        }
        return counts;
      };
      expect(whole).toEqual(bins(images));
      expect(real).toEqual(bins(passing.filter(({ role }) => role !== 'synthetic')));
      expect(synthetic).toEqual(bins(passing.filter(({ role }) => role === 'synthetic')));
      expect(missing).toBe(images.filter((image) => image.scores[score] === undefined).length);
    }),
    { numRuns: 40 },
  );
});

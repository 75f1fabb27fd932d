import type { FactsRow } from '../../../db/queries/facts.ts';
import type { FlagRow } from '../../../db/queries/scores.ts';
import type { PairCertainty, Role, Rule } from '../../../rpc/contract/terms.ts';
import type { Alteration } from '../../../rpc/contract/alteration.ts';
import { counted } from '../../../rpc/format.ts';
import { vectorsOf, type ScoreRun } from '../block.ts';
import { AlteredCopies, BY_SHAPE } from '../copies/altered-copies.ts';
import { LayingThreads } from '../copies/laying-threads.ts';
import { readSmall } from '../copies/read-small.ts';
import { FEWEST, Usual } from '../copies/rule.ts';
import { SHAPE_LENGTH, shapeOf } from '../copies/shape.ts';
import { Taught } from '../copies/taught.ts';
import { defineFacts, numbers, type ColumnsOf } from './define.ts';
import {
  isNearCopy,
  isSamePicture,
  LAXEST_RULE,
  likenessIfNear,
  nearCopyRule,
  samePicture,
  type Likeness,
} from './same-picture.ts';
import { isLarge } from '../automatic-search.ts';
import { nearestByCosine } from '../vectors.ts';

const columns = {
  /** Similarity, 0..1, of the closest confirmed copy among the synthetic, the real, and the hold-out images; 0 is none. */
  batchCopy: numbers,
  seedCopy: numbers,
  holdoutCopy: numbers,
  /** 1 where another file of the project has the very same bytes or pixels. */
  exactCopy: numbers,
};
declare module './define.ts' {
  interface Facts extends ColumnsOf<typeof columns> {}
}

/** Images that show the same picture, and the flags that follow. */
export default defineFacts({
  id: 'copies',
  columns,
  async prepare(run) {
    const { store } = run;
    const unread = new Set<number>();
    const threads = new LayingThreads(store, (id) => readSmall(run.project, run.decoders, id, unread));
    const copies = await findCopies(run, threads).finally(() => threads.close());
    const taught = new Taught(store.copies.answers());
    const batch = closest(
      copies
        .get('near-duplicate')!
        .flatMap((match) => [match, { ...match, id: match.other, other: match.id }])
        .filter((match) => !taught.isRefused(match)),
    );
    const surely = (rule: Rule): Map<number, Match> =>
      closest(copies.get(rule)!.filter((match) => taught.isSure(match) && !taught.isRefused(match)));
    const seed = surely('seed-copy');
    const holdout = surely('holdout-leak');
    const flags = flagsOf(copies, taught);
    return {
      record: { copyAnswers: taught.record },
      notes:
        unread.size === 0
          ? []
          : [
              `${counted(unread.size, 'image')} could not be read again, so altered copies were not looked for among them. Put the originals back, then score again.`,
            ],
      block({ ids }) {
        const similarity = (found: Map<number, Match>): Float64Array =>
          Float64Array.from(ids, (id) => found.get(id)?.similarity ?? 0);
        return {
          batchCopy: similarity(batch),
          seedCopy: similarity(seed),
          holdoutCopy: similarity(holdout),
          exactCopy: Float64Array.from(ids, (id) => Number(store.facts.hasTwin(id))),
        };
      },
      keep(writable, id) {
        for (const flag of flags) writable.scores.insertFlag(id, flag);
      },
    };
  },
});

/** Rows of the side that is searched, and of the side that asks, in memory at a time. */
const BASE_ROWS = 8192;
const QUERY_ROWS = 1024;
/** Proposals per image and block of the base: an embedder may find many neighbouring shots nearer than the copy. */
const PROPOSALS = 16;
/** Real images that show what is usual between pictures that are no copies. */
const MOST_REFERENCES = 1000;
/** Images that show what is usual among the images of a batch. */
const MEASURED = 20_000;
/** Proposals farther than this (cosine distance) are not compared on pixels. */
const FARTHEST = 0.35;

/** Who may be a copy of whom, strongest finding first. */
const SEARCHES: { query: Role[]; base: Role; rule: Rule }[] = [
  { query: ['synthetic', 'real'], base: 'holdout', rule: 'holdout-leak' },
  { query: ['synthetic'], base: 'real', rule: 'seed-copy' },
  { query: ['synthetic'], base: 'synthetic', rule: 'near-duplicate' },
];

/** Two images that show the same picture, or nearly. */
interface Match {
  id: number;
  other: number;
  certainty: PairCertainty;
  /** Share of the picture that the other one explains; 1 only where the decoded pixels are equal. */
  similarity: number;
  /** What was done to the other one, where it takes more than storage and light to explain. */
  alteration: Alteration | null;
}

/** The confirmed copies per rule. */
type Copies = Map<Rule, Match[]>;

/**
 * Finds images that are the same picture as a hold-out image, a seed image or an earlier synthetic one. Embeddings
 * propose, pixels confirm (same-picture.ts); equal decoded pixels make an exact copy, even in different files. What is
 * not found like that among the hold-out and the seed is looked for again as an altered copy (../copies/).
 * Memory: a block of each side, the candidates (96 bytes an image) and the findings; of a base so large that it is
 * searched through an index, its ids.
 */
async function findCopies(run: ScoreRun, threads: LayingThreads): Promise<Copies> {
  const { store, task } = run;
  const { idsByRole } = run.frame;
  const copies: Copies = new Map();
  const same = (id: number, other: number): boolean => {
    const [a, b] = [store.facts.facts(id), store.facts.facts(other)];
    return !!a && !!b && isSame(a, b) !== null;
  };
  const labelOf = (id: number): number | null => store.images.byId(id)?.labelId ?? null;
  let usual: Usual | null = null;
  for (const { query, base, rule } of SEARCHES) {
    const queries = query.flatMap((role) => idsByRole[role]);
    if (rule === 'near-duplicate') {
      const near = new NearCopies(queries);
      await searchEmbeddings(run, { queries, base, rule }, (a, b) => near.compare(a, b));
      copies.set(rule, near.matches());
      continue;
    }
    const references = usual || !canTell(idsByRole[base]) ? [] : sampled(idsByRole.real, MOST_REFERENCES);
    const asked = [...new Set([...queries, ...references])];
    const asking = new Set(queries);
    const found = new SamePictures();
    const altered = new AlteredCopies(threads, asked);
    await searchEmbeddings(run, { queries: asked, base, rule }, (a, b, row, distance) => {
      if (asking.has(a.imageId)) found.compare(a, b);
      altered.offerNear(row, b.imageId, distance);
    });
    await searchShapes(run, { queries: asked, base, rule }, (row, other, distance) =>
      altered.offerAlike(row, other, distance),
    );
    const matches = found.matches();
    const settled = new Set(matches.map(({ id }) => id));
    const labels = new Map(references.flatMap((id) => (settled.has(id) ? [] : [[id, labelOf(id)] as const])));
    const known: Usual = usual ?? new Usual(await altered.references(labels, task));
    // What is usual between hold-out and seed holds for the seed too, unless the seed is much denser.
    if (4 * idsByRole.holdout.length >= idsByRole.real.length && known.isKnown) usual = known;
    const isAsked = (id: number): boolean => asking.has(id) && !settled.has(id);
    for (const match of matches)
      if (match.certainty === 'same-picture' && (await altered.areNeighbours(match.id, match.other, known)))
        match.certainty = 'neighbour';
    copies.set(rule, [...matches, ...(await altered.find(known, { isAsked, labelOf, isSame: same }, task))]);
  }
  return copies;
}

/** Whether a side has enough images to say how different other pictures are from its own. */
const canTell = (base: number[]): boolean => base.length >= FEWEST;

/** Evenly spread over the list. */
function sampled(ids: number[], most: number): number[] {
  const every = Math.ceil(ids.length / most);
  return ids.filter((_, i) => i % every === 0);
}

interface SideSearch {
  queries: number[];
  base: Role;
  rule: Rule;
}

/** Asks every query's nearest images by embedding, block by block of the base. */
async function searchEmbeddings(
  run: ScoreRun,
  { queries, base, rule }: SideSearch,
  tell: (own: FactsRow, other: FactsRow, row: number, distance: number) => void,
): Promise<void> {
  const { store } = run;
  const vectors = (ids: number[]): Float32Array => vectorsOf(run, ids).unit;
  await searchBlocks(
    run,
    `copies (${rule})`,
    queries,
    base,
    run.dimensions,
    PROPOSALS,
    vectors,
    (row, id, near) => {
      const own = store.facts.facts(id);
      for (const { other, distance } of near) {
        const facts = own && distance <= FARTHEST ? store.facts.facts(other) : undefined;
        if (own && facts) tell(own, facts, row, distance);
      }
    },
  );
}

/** Asks every query's nearest images by shape, which is the same mirrored and turned. */
async function searchShapes(
  run: ScoreRun,
  { queries, base, rule }: SideSearch,
  tell: (row: number, other: number, distance: number) => void,
): Promise<void> {
  const shapes = (ids: number[]): Float32Array => {
    const rows = new Float32Array(ids.length * SHAPE_LENGTH);
    for (const [i, id] of ids.entries()) {
      const facts = run.store.facts.facts(id);
      if (facts) rows.set(shapeOf(facts.signature), i * SHAPE_LENGTH);
    }
    return rows;
  };
  await searchBlocks(
    run,
    `shapes (${rule})`,
    queries,
    base,
    SHAPE_LENGTH,
    BY_SHAPE,
    shapes,
    (row, _, near) => {
      for (const { other, distance } of near) tell(row, other, distance);
    },
  );
}

/** The nearest rows of every query in each block of the base that fits in memory. */
async function searchBlocks(
  run: ScoreRun,
  matrix: string,
  queries: number[],
  base: Role,
  width: number,
  most: number,
  rowsOf: (ids: number[]) => Float32Array,
  tell: (row: number, id: number, near: { other: number; distance: number }[]) => void,
): Promise<void> {
  const { search: kernels, task } = run;
  const all = run.frame.idsByRole[base];
  const step = isLarge(queries.length, all.length, width) ? all.length : BASE_ROWS;
  const total = queries.length * Math.ceil(all.length / step);
  let done = 0;
  for (let b = 0; b < all.length; b += step) {
    const baseIds = all.slice(b, b + step);
    const rowOf = new Map(baseIds.map((id, row) => [id, row]));
    await kernels.putMatrix(
      matrix,
      (first, rows) => rowsOf(baseIds.slice(first, first + rows)),
      baseIds.length,
      width,
    );
    for (let q = 0; q < queries.length; q += QUERY_ROWS) {
      task.signal.throwIfAborted();
      const ids = queries.slice(q, q + QUERY_ROWS);
      const self = Int32Array.from(ids, (id) => rowOf.get(id) ?? -1);
      const found = await nearestByCosine(kernels, rowsOf(ids), matrix, most, self);
      for (const [i, id] of ids.entries()) {
        const near: { other: number; distance: number }[] = [];
        for (let j = i * most; j < (i + 1) * most; j++)
          if (found.index[j]! >= 0)
            near.push({ other: baseIds[found.index[j]!]!, distance: found.distance[j]! });
        tell(q + i, id, near);
      }
      done += ids.length;
      task.progress({ stage: 'looking for copies', done, total, unit: 'comparisons' });
    }
    await kernels.dropMatrix(matrix);
  }
}

/** How surely two images show the same picture by their signatures: 1 for equal pixels, null where they do not. */
function isSame(a: FactsRow, b: FactsRow): number | null {
  return a.pixelSha256 === b.pixelSha256 ? 1 : samePicture(a.signature, b.signature);
}

/** Pairs with the same pixels, or that store one picture twice by their signatures. */
class SamePictures {
  readonly #found: Match[] = [];

  compare(a: FactsRow, b: FactsRow): void {
    const explained = isSame(a, b);
    if (explained !== null) this.#found.push(matchOf(a, b, explained, 'same-picture'));
  }

  matches(): Match[] {
    return this.#found;
  }
}

/** Pairs of one batch that are more alike than is usual in it. */
class NearCopies {
  readonly #candidates: { match: Match; likeness: Likeness | null }[] = [];
  /** The smallest residual seen, of the images that are measured. */
  readonly #smallest: Map<number, number>;

  constructor(imageIds: number[]) {
    const every = Math.ceil(imageIds.length / MEASURED);
    this.#smallest = new Map(imageIds.filter((_, i) => i % every === 0).map((id) => [id, Infinity]));
  }

  compare(a: FactsRow, b: FactsRow): void {
    if (a.pixelSha256 === b.pixelSha256) {
      this.#candidates.push({ match: matchOf(a, b, 1, 'same-pixels'), likeness: null });
      return;
    }
    const likeness = likenessIfNear(a.signature, b.signature);
    if (!likeness) return;
    const smallest = this.#smallest.get(a.imageId);
    if (smallest !== undefined && likeness.residual < smallest)
      this.#smallest.set(a.imageId, likeness.residual);
    const certainty = isSamePicture(likeness) ? 'same-picture' : 'neighbour';
    if (isNearCopy(likeness, LAXEST_RULE))
      this.#candidates.push({ match: matchOf(a, b, likeness.explained, certainty), likeness });
  }

  matches(): Match[] {
    const rule = nearCopyRule([...this.#smallest.values()]);
    return this.#candidates.flatMap(({ match, likeness }) =>
      likeness === null || isNearCopy(likeness, rule) ? [match] : [],
    );
  }
}

/** Similarity is 1 for equal pixels only; `otherwise` is how sure the match is where they are not. */
function matchOf(a: FactsRow, b: FactsRow, explained: number, otherwise: PairCertainty): Match {
  const isEqual = a.pixelSha256 === b.pixelSha256;
  return {
    id: a.imageId,
    other: b.imageId,
    certainty: isEqual ? 'same-pixels' : otherwise,
    similarity: isEqual ? 1 : Math.min(explained, 1 - Number.EPSILON),
    alteration: null,
  };
}

/** The closest copy of each image; among equals the one that came first. What a person refused comes last. */
function closest(matches: Match[], isRefused: (match: Match) => boolean = () => false): Map<number, Match> {
  const best = new Map<number, Match>();
  for (const match of matches) {
    const known = best.get(match.id);
    const order = known
      ? Number(isRefused(known)) - Number(isRefused(match)) ||
        match.similarity - known.similarity ||
        known.other - match.other
      : 1;
    if (order > 0) best.set(match.id, match);
  }
  return best;
}

/**
 * The flags that follow: one per image and rule. What is not sure is one possible copy, of the hold-out before the seed,
 * unless the image is surely a copy anyway. Among synthetic images the first of a group is kept and the later ones point
 * at it; a later image joins the first kept image that it is a copy of, so that groups do not chain.
 */
function flagsOf(copies: Copies, taught: Taught): FlagRow[] {
  const flags: FlagRow[] = [];
  const isRefused = (match: Match): boolean => taught.isRefused(match);
  const flag = (rule: Rule, { id, other, certainty, similarity, alteration }: Match): void =>
    void flags.push({ imageId: id, rule, otherImageId: other, certainty, similarity, alteration });
  const isSure = (match: Match): boolean => taught.isSure(match);
  const sides = (['holdout-leak', 'seed-copy'] as const).map((rule) => ({ rule, found: copies.get(rule)! }));
  const known = new Set<number>();
  for (const { rule, found } of sides)
    for (const match of closest(found.filter(isSure), isRefused).values()) {
      flag(rule, match);
      if (!isRefused(match)) known.add(match.id);
    }
  const possible = sides.flatMap(({ found }) => [
    ...closest(
      found.filter((match) => !isSure(match)),
      isRefused,
    ).values(),
  ]);
  for (const match of [...possible.filter((each) => !isRefused(each)), ...possible.filter(isRefused)]) {
    if (known.has(match.id)) continue;
    known.add(match.id);
    flag('possible-copy', match);
  }
  const pairs = copies.get('near-duplicate')!.map((match) => ({
    ...match,
    first: Math.min(match.id, match.other),
    later: Math.max(match.id, match.other),
  }));
  pairs.sort(
    (x, y) =>
      x.later - y.later ||
      Number(taught.isRefused({ id: x.later, other: x.first })) -
        Number(taught.isRefused({ id: y.later, other: y.first })) ||
      y.similarity - x.similarity ||
      x.first - y.first,
  );
  const members = new Set<number>();
  for (const { first, later, certainty, similarity } of pairs) {
    if (members.has(later) || members.has(first)) continue;
    members.add(later);
    flags.push({
      imageId: later,
      rule: similarity === 1 ? 'exact-duplicate' : 'near-duplicate',
      otherImageId: first,
      certainty,
      similarity,
      alteration: null,
    });
  }
  return flags;
}

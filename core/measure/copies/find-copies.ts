import type { Role, Rule } from '../../../rpc/contract/terms.ts';
import type { ScoreRun } from '../block.ts';
import { AlteredCopies } from './altered-copies.ts';
import type { LayingThreads } from './laying-threads.ts';
import { FEWEST, Usual } from './rule.ts';
import { isSame, NearCopies, SamePictures, type Copies } from './same-pictures.ts';
import { searchEmbeddings, searchShapes } from './side-search.ts';

/** Real images that show what is usual between pictures that are no copies. */
const MOST_REFERENCES = 1000;

/** Who may be a copy of whom, strongest finding first. */
const SEARCHES: { query: Role[]; base: Role; rule: Rule }[] = [
  { query: ['synthetic', 'real'], base: 'holdout', rule: 'holdout-leak' },
  { query: ['synthetic'], base: 'real', rule: 'seed-copy' },
  { query: ['synthetic'], base: 'synthetic', rule: 'near-duplicate' },
];

/**
 * Finds images that are the same picture as a hold-out image, a seed image or an earlier synthetic one. Embeddings
 * propose, pixels confirm (same-picture.ts); equal decoded pixels make an exact copy, even in different files. Among the
 * hold-out and the seed, registration (altered-copies.ts) then tells next frames from what signatures found, and finds
 * altered copies.
 * Memory: a block of each side, the candidates (96 bytes an image) and the findings; of a base so large that it is
 * searched through an index, its ids.
 */
export async function findCopies(run: ScoreRun, threads: LayingThreads): Promise<Copies> {
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
    const alike = new Set(matches.map(({ id }) => id));
    const labels = new Map(references.flatMap((id) => (alike.has(id) ? [] : [[id, labelOf(id)] as const])));
    const known: Usual = usual ?? new Usual(await altered.references(labels, task));
    // What is usual between hold-out and seed holds for the seed too, unless the seed is much denser.
    if (4 * idsByRole.holdout.length >= idsByRole.real.length && known.isKnown) usual = known;
    for (const match of matches)
      if (
        match.certainty === 'same-picture' &&
        (await altered.areNeighbours(match.id, match.other, labelOf(match.other), known))
      )
        match.certainty = 'neighbour';
    // A neighbour by its signature may be a copy of another shot.
    const settled = new Set(matches.flatMap(({ id, certainty }) => (certainty === 'neighbour' ? [] : [id])));
    const isAsked = (id: number): boolean => asking.has(id) && !settled.has(id);
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

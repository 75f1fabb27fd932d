import { inPages } from '../../base/pages.ts';
import { streamOf, sampleWithoutReplacement } from '../../base/numeric/random.ts';
import { Block } from '../block.ts';
import { damageChance, fitDamage } from '../rehearsal/damage-model.ts';
import { rehearsalOf } from '../rehearsal/found.ts';
import { rehearse, type SpoiltCopy } from '../rehearsal/rehearse.ts';
import { SignReader, SIGN_SCORES, type ScoredImages } from '../rehearsal/signs.ts';
import { defineScore, type Scored } from './define.ts';

/** Copies that are made of images of each side. */
const COPIES = 120;
/** With fewer images of a side nothing is known of what is usual there. */
const FEWEST = 20;
/** Images of the batch that the copies are held against. */
const MOST_IMAGES = 2000;
const ROLES = ['real', 'holdout', 'synthetic'] as const;

/** Images that are measured alike: of the seed out of sample, of a batch against the real images and its others. */
type Side = 'real' | 'synthetic';

export default defineScore({
  id: 'damage-risk',
  title: 'Chance that the picture is damaged',
  group: 'picture',
  suspect: 'high',
  range: [0, 1],
  unit: 'probability',
  needsScores: SIGN_SCORES,
  meaning: 'it differs from the others as copies of these images do that were damaged on purpose',
  source:
    'Logistic regression of damaged copies against the batch (Elkan and Noto 2008): docs/methods/damage-risk.md',
  threshold: null,
  ranking: { stratum: 'damaged', by: 'chance' },
  reason: 'rare',
  async estimate(scored) {
    const { run } = scored;
    const { frame, task } = run;
    const { synthetic } = frame.idsByRole;
    if (synthetic.length < FEWEST) return null;
    const sides: Side[] = frame.seedIds.length < FEWEST ? ['synthetic'] : ['real', 'synthetic'];
    const idsOf = (side: Side): number[] => (side === 'real' ? frame.seedIds : synthetic);
    const { copies, keep, notes } = await rehearse(
      run,
      sides.map((side) => ({ ids: idsOf(side), stream: side, copies: COPIES })),
    );
    if (copies.every((some) => some.length === 0)) return { values: () => [], record: {}, notes };

    const labelOf = labelsByImage(scored);
    const read = async (ids: number[]): Promise<ScoredImages> => ({
      scores: await scored.scores(ids),
      labels: Int32Array.from(ids, (id) => labelOf[id]!),
    });
    const sets = new Map<Side, ScoredImages>();
    for (const side of sides) sets.set(side, await read(idsOf(side)));
    const all = [...sets.values()];
    // A real image is usual where it is usual among real images; a synthetic one may be usual in either set.
    const readers = {
      real: new SignReader(sets.has('real') ? [sets.get('real')!] : all),
      synthetic: new SignReader(all),
    };

    const spoilt: { family: string; signs: Float64Array }[] = [];
    for (const [s, side] of sides.entries()) {
      task.signal.throwIfAborted();
      const made = copies[s]!;
      if (made.length === 0) continue;
      const block = blockOf(scored, side, made);
      const measured = {
        scores: await scored.measured(block),
        labels: Int32Array.from(block.ids, (id) => labelOf[id]!),
      };
      for (const [i, { family }] of made.entries())
        spoilt.push({ family, signs: readers[side].read(measured, i) });
    }
    const drawn = sampleWithoutReplacement(
      streamOf(run.seed, 'damage risk'),
      synthetic.length,
      MOST_IMAGES,
    ).sort();
    const batch = Array.from(drawn, (row) => readers.synthetic.read(sets.get('synthetic')!, row));
    const coefficients = fitDamage(
      spoilt.map(({ signs }) => signs),
      batch,
    );

    const chances = new Map<(typeof ROLES)[number], Float64Array>();
    for (const role of ROLES) {
      task.signal.throwIfAborted();
      const ids = frame.idsByRole[role];
      const images = role === 'synthetic' ? sets.get(role)! : await read(ids);
      const reader = readers[role === 'synthetic' ? role : 'real'];
      const values = new Float64Array(ids.length);
      await inPages(0, ids.length, (after, upTo) => {
        for (let row = after; row < upTo; row++)
          values[row] = damageChance(coefficients, reader.read(images, row));
      });
      chances.set(role, values);
    }
    return {
      keep,
      notes,
      *values() {
        for (const [role, values] of chances)
          for (const [row, id] of frame.idsByRole[role].entries()) yield [id, values[row]!];
      },
      record: { damageRisk: rehearsalOf(spoilt, batch) },
    };
  },
});

/** Class index of every image by its id, -1 without a label. */
function labelsByImage({ run }: Scored): Int32Array {
  const { store, classOf } = run;
  const labels = new Int32Array(store.review.imageCount() + 1).fill(-1);
  for (const { id, labelId } of store.images.homes())
    labels[id] = labelId === null ? -1 : classOf.get(labelId)!;
  return labels;
}

function blockOf({ run }: Scored, side: Side, copies: readonly SpoiltCopy[]): Block {
  const ids = copies.map(({ id }) => id);
  const rowOf = new Map(side === 'real' ? run.frame.seedIds.map((id, row) => [id, row]) : []);
  return Block.ofCopies(
    run,
    ids,
    side === 'real' ? ids.map((id) => rowOf.get(id)!) : null,
    copies.map(({ measured }) => measured),
  );
}

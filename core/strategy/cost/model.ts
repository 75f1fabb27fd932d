import type { CostInputId, CostLineId, CostWayId } from '../../../rpc/contract/costs.ts';

/**
 * One number for each input of the model, in the units of `COST_INPUTS`. Without `review-price`, a review is priced by
 * times and rates.
 */
export type CostValues = Record<Exclude<CostInputId, 'review-price'>, number> & { 'review-price'?: number };

/** What one way costs, and what it gives. */
interface WayAt {
  /** Images that training can use, and those of them that a person looked at and kept. */
  images: number;
  verified: number;
  lines: Partial<Record<CostLineId, number>>;
  total: number;
  /** The parts of the total that do not grow with the images, and that grow in proportion. */
  fixed: number;
  growing: number;
}

/** Classes of reviewers that the model tells apart. */
export const COST_CLASSES = ['annotator', 'specialist', 'lead'] as const;

/** One reviewed image: its price where one is set, else seconds x rate per hour / 3600, over the classes of reviewers. */
export function reviewCost(values: CostValues): number {
  return (
    values['review-price'] ??
    COST_CLASSES.reduce((sum, one) => sum + (values[`${one}-seconds`] * values[`${one}-rate`]) / 3600, 0)
  );
}

/** Per generated image: the part reviewed, the part left usable, and the part verified. All are shares, 0..1. */
export function partsOf(values: CostValues): { reviewed: number; usable: number; verified: number } {
  const keptOut = values['kept-out-share'];
  // What rules keep out is not there to be reviewed.
  const reviewed = Math.min(values['review-share'], 1 - keptOut);
  const rejected = reviewed * values['rejected-share'];
  return { reviewed, usable: 1 - keptOut - rejected, verified: reviewed - rejected };
}

/**
 * What the three ways cost where `images` are generated, in the currency of the project:
 *
 *     by hand = set-up by hand + usable x (collection + labelling seconds x annotators' rate / 3600)
 *     raw     = set-up + maintenance x months + images x generation
 *     hybrid  = raw + reviewed x cost of a review
 *
 * with reviewed = images x min(share reviewed, 1 - share kept out) and usable = images x (1 - share kept out) - reviewed
 * x share rejected: by hand, as many images are made as the hybrid way leaves usable. A model of this product's own;
 * docs/strategy/cost.md says what it leaves out.
 */
export function costsAt(values: CostValues, images: number): Record<CostWayId, WayAt> {
  const { reviewed, usable, verified } = partsOf(values);
  const synthetic = {
    setup: values.setup,
    maintenance: values.maintenance * values.months,
    generation: images * values.generation,
  };
  return {
    human: wayAt(images * usable, images * usable, {
      setup: values['human-setup'],
      collection: images * usable * values.collection,
      labelling: (images * usable * values['labelling-seconds'] * values['annotator-rate']) / 3600,
    }),
    raw: wayAt(images, 0, synthetic),
    hybrid: wayAt(images * usable, images * verified, {
      ...synthetic,
      review: images * reviewed * reviewCost(values),
    }),
  };
}

function wayAt(images: number, verified: number, lines: WayAt['lines']): WayAt {
  const { setup = 0, maintenance = 0, ...perImage } = lines;
  const fixed = setup + maintenance;
  const growing = Object.values(perImage).reduce((sum, line) => sum + line, 0);
  return { images, verified, lines, total: fixed + growing, fixed, growing };
}

/**
 * The volume n, in generated images, from which on the hybrid way is cheaper than all by hand, however large: where
 * fixed_hybrid + n x each_hybrid = fixed_hand + n x each_hand. 0 where it is cheaper from the first image; infinite where
 * no volume is enough, which is so whenever an image by hand costs no more than a generated and reviewed one.
 */
export function breakEvenAt(values: CostValues): number {
  const { human, hybrid } = costsAt(values, 1);
  const gain = human.growing - hybrid.growing;
  const lead = hybrid.fixed - human.fixed;
  if (gain > 0) return Math.max(0, lead / gain);
  return gain === 0 && lead < 0 ? 0 : Number.POSITIVE_INFINITY;
}

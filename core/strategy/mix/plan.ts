import { keepsFloor, realNeeded } from '../../../rpc/contract/mixes.ts';
import { AssayError } from '../../../rpc/errors.ts';
import { counted, integer, percent } from '../../../rpc/format.ts';

export type MixedRole = 'real' | 'synthetic';

/** Images of a role and class that may be in a mix, and how often each of them may be. */
export interface Stratum {
  role: MixedRole;
  /** Null for images without a label. */
  label: string | null;
  images: number;
  /** How many times each image may be drawn in an epoch, on average: 2.5 is twice, and half of them a third time. */
  weight: number;
}

/** A stratum with what an epoch draws of it. */
export interface PlannedStratum extends Stratum {
  draws: number;
}

export interface MixWish {
  /** 0..1. */
  realShare: number;
  /** 0..1, of the policy. */
  floor: number;
  batchSize: number;
  /** Images of an epoch; null for as many as there are at this share. */
  images: number | null;
  /** Whether a share below the floor is written all the same. */
  isBelowFloorAllowed: boolean;
}

/** How many images an epoch has of what. */
export interface MixPlan {
  images: number;
  real: number;
  strata: PlannedStratum[];
  /** Fewest real images in any `batchSize` images in a row. */
  leastReal: number;
  /** Whether the share, or a batch, is below the floor. */
  isBelowFloor: boolean;
}

/** Shares come from decimal text: 0.35 x 20 is 7, whatever binary fractions make of it. */
const EPSILON = 1e-9;

/**
 * Plans an epoch: its size, its real images by largest remainder (a tie goes to the real ones), and by largest remainder
 * again what each class gives. Throws `NOT_READY` where there is nothing to mix, `EXPORT_REFUSED` below the floor, and
 * `INVALID_INPUT` where sizes do not fit; each names the option.
 */
export function planMix(strata: readonly Stratum[], wish: MixWish): MixPlan {
  const { realShare, floor, batchSize, isBelowFloorAllowed } = wish;
  const supply = { real: supplyOf(strata, 'real'), synthetic: supplyOf(strata, 'synthetic') };
  if (batchSize < 1) throw invalid('A batch of 0 images trains nothing: give --batch-size 1 or more.');
  if (supply.real === 0 && realShare > 0) throw notReady('real');
  if (supply.synthetic === 0 && realShare < 1) throw notReady('synthetic');
  const { images, real } = sizesOf(supply, wish);
  if (batchSize > images)
    throw invalid(
      `A batch of ${integer(batchSize)} (--batch-size) is larger than an epoch of ${counted(images, 'image')}, all that ${percent(realShare)} real allows of ${counted(supply.real, 'real image')} and ${integer(supply.synthetic)} synthetic ones: take a smaller batch, import more, or let images repeat (--weight real=2).`,
    );
  const leastReal = Math.floor((batchSize * real) / images);
  const isBelowFloor = !keepsFloor({ images, real, batchSize, leastReal }, floor);
  if (isBelowFloor && !isBelowFloorAllowed)
    throw new AssayError(
      'EXPORT_REFUSED',
      `${belowFloor({ images, real, leastReal }, wish, realNeeded(floor, batchSize))} Or state why it has to be so (--below-floor "reason").`,
    );
  return {
    images,
    real,
    leastReal,
    isBelowFloor,
    strata: [...drawn(strata, 'real', real), ...drawn(strata, 'synthetic', images - real)],
  };
}

/** Divides a total in proportion to weights by largest remainder; ties go to the first. */
export function byLargestRemainder(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const quotas = weights.map((weight) => (sum === 0 ? 0 : (total * weight) / sum));
  const shares = quotas.map((quota) => Math.floor(quota + EPSILON));
  const left = total - shares.reduce((all, share) => all + share, 0);
  const order = [...quotas.keys()].sort(
    (a, b) => quotas[b]! - shares[b]! - (quotas[a]! - shares[a]!) || a - b,
  );
  for (const at of order.slice(0, sum === 0 ? 0 : left)) shares[at]!++;
  return shares;
}

/** Real images of an epoch, by largest remainder; a tie goes to the real ones. */
const realOf = (images: number, share: number): number => Math.floor(images * share + 0.5 + EPSILON);

/** How many draws the images of a role allow. */
function supplyOf(strata: readonly Stratum[], role: MixedRole): number {
  return strata.reduce((sum, stratum) => (stratum.role === role ? sum + allowed(stratum) : sum), 0);
}

const allowed = ({ images, weight }: Stratum): number => Math.floor(images * weight + EPSILON);

function sizesOf(
  supply: Record<MixedRole, number>,
  { realShare, floor, images: wanted, isBelowFloorAllowed }: MixWish,
): { images: number; real: number } {
  const fits = (images: number): boolean =>
    realOf(images, realShare) <= supply.real && images - realOf(images, realShare) <= supply.synthetic;
  const most = largest(supply, realShare, fits);
  if (wanted === null) return { images: most, real: realOf(most, realShare) };
  if (wanted < 1) throw invalid('An epoch of 0 images trains nothing: give --images 1 or more.');
  if (fits(wanted)) return { images: wanted, real: realOf(wanted, realShare) };
  // With fewer real images than asked for: what is refused below the floor says so there.
  const real = Math.min(supply.real, realOf(wanted, realShare));
  if (wanted - real <= supply.synthetic && (isBelowFloorAllowed || real / wanted < floor - EPSILON))
    return { images: wanted, real };
  const share = realOf(wanted, realShare);
  throw invalid(
    `${counted(wanted, 'image')} (--images) at ${percent(realShare)} real take ${integer(share)} real and ${integer(wanted - share)} synthetic ones, and there are ${integer(supply.real)} and ${integer(supply.synthetic)}: ask for at most ${integer(most)}, or let images repeat (--weight real=2).`,
  );
}

function largest(
  supply: Record<MixedRole, number>,
  share: number,
  fits: (images: number) => boolean,
): number {
  const byReal = share > 0 ? supply.real / share : Infinity;
  const bySynthetic = share < 1 ? supply.synthetic / (1 - share) : Infinity;
  let images = Math.floor(Math.min(byReal, bySynthetic)) + 2;
  while (images > 0 && !fits(images)) images--;
  return images;
}

function drawn(strata: readonly Stratum[], role: MixedRole, total: number): PlannedStratum[] {
  const own = strata.filter((stratum) => stratum.role === role);
  const draws = byLargestRemainder(total, own.map(allowed));
  return own.map((stratum, i) => ({ ...stratum, draws: draws[i]! }));
}

function belowFloor(
  { images, real, leastReal }: Pick<MixPlan, 'images' | 'real' | 'leastReal'>,
  { floor, batchSize, realShare, images: wanted }: MixWish,
  needed: number,
): string {
  const share = real / images;
  if (share < floor - EPSILON)
    return `The mix would be ${percent(share)} real, ${counted(real, 'image')} of ${integer(images)}, below the floor of ${percent(floor)} that the policy sets: ${
      realShare >= floor && wanted !== null
        ? `ask for fewer images (--images), import more real ones, or let them repeat (--weight real=${Math.ceil((floor * images) / real)}).`
        : `ask for more (--real-share ${percent(floor)}).`
    }`;
  return `Some ${integer(batchSize)} images in a row would have ${counted(leastReal, 'real one')}, and the floor of ${percent(floor)} takes ${integer(needed)}: take a larger batch (--batch-size), or ask for ${percent(needed / batchSize)} real (--real-share).`;
}

function invalid(message: string): AssayError {
  return new AssayError('INVALID_INPUT', message);
}

function notReady(role: MixedRole): AssayError {
  return new AssayError(
    'NOT_READY',
    role === 'real'
      ? 'There is no real image to mix in: import labelled real images (assay import --role real). A mix without real images (--real-share 0%) is below any floor.'
      : 'There is no synthetic image that may be in the mix: review some (a decision on a whole view looks at none), let those in that nobody looked at (assay mix policy --unreviewed in), or ask for real images alone (--real-share 100%).',
  );
}

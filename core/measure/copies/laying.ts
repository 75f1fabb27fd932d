/** Laying a picture over its candidates: what the threads do (laying-threads.ts). */
import { agreement, LIKE } from './agreement.ts';
import { alterationOf } from './alteration.ts';
import { colourDifference } from './colours.ts';
import type { Pictures } from './pictures.ts';
import type { Found } from './placement.ts';
import { coarseFits, fineFit, startsOf, type Registrable } from './registration.ts';
import { isInPlace, type Evidence } from './rule.ts';

/** Candidates that are registered from afar, and to the end: those that fit best so far. */
const COARSE = 8;
const FINE = 4;
/** Correlation from afar under which a candidate is given up. */
const LEAST_FIT = 0.6;

/** What came of laying a picture over another one. */
export interface Laid extends Evidence {
  other: number;
}

/** Levels that storage, light and writing do not change colours by. */
const OTHER_COLOURS = 9;

/** A picture laid over the one that it agrees best with. */
export interface Comparison extends Laid {
  id: number;
  /** The other candidates; those that were laid over it. */
  others: number[];
  rivals: Laid[];
}

/** The candidate that a picture agrees best with, null where none fits. */
export async function bestOf(pictures: Pictures, id: number, others: number[]): Promise<Comparison | null> {
  const [own, ...candidates] = await Promise.all([id, ...others].map((each) => pictures.get(each)));
  if (!own) return null;
  const coarse = candidates
    .flatMap((picture, i) =>
      picture ? [{ other: others[i]!, picture, starts: startsOf(own, picture) }] : [],
    )
    .sort((x, y) => y.starts[0]!.fit - x.starts[0]!.fit)
    .slice(0, COARSE)
    .map(({ other, picture, starts }) => ({ other, picture, fits: coarseFits(own, picture, starts) }))
    .filter(({ fits }) => (fits[0]?.fit ?? -1) >= LEAST_FIT)
    .sort((x, y) => y.fits[0]!.fit - x.fits[0]!.fit)
    .slice(0, FINE);
  const laid = coarse
    .flatMap(({ other, picture, fits }) => {
      const evidence = layOver(own, picture, fits);
      return evidence ? [{ ...evidence, other }] : [];
    })
    .sort((x, y) => x.difference - y.difference);
  const [best, ...rivals] = laid;
  return best ? { ...best, id, others: others.filter((each) => each !== best.other), rivals } : null;
}

/** What comes of laying some images over another one. */
export async function laidOver(pictures: Pictures, id: number, others: number[]): Promise<Laid[]> {
  const [own, ...copies] = await Promise.all([id, ...others].map((each) => pictures.get(each)));
  if (!own) return [];
  return copies.flatMap((picture, i) => {
    const evidence = picture && layOver(picture, own);
    return evidence ? [{ ...evidence, other: others[i]! }] : [];
  });
}

/** Two pictures laid over each other and compared; null where they do not fit. */
export function layOver(
  copy: Registrable,
  original: Registrable,
  coarse: Found[] = coarseFits(copy, original, startsOf(copy, original)),
): Evidence | null {
  const fine = fineFit(copy, original, coarse);
  if (!fine) return null;
  const { placement } = fine;
  const alteration = alterationOf(copy.plate[0], original.plate[0], placement);
  const found = agreement(copy.plate, original.plate, placement, isInPlace(alteration));
  if (!found) return null;
  // What has other colours is no copy, and says nothing about how alike pictures are that could be one.
  const isLike = found.difference <= LIKE;
  if (isLike && colourDifference(copy.colours, original.colours, placement) > OTHER_COLOURS) return null;
  const { changed, ...rest } = found;
  return { ...rest, alteration: { ...alteration, changed: Math.round(changed * 1000) / 1000 } };
}

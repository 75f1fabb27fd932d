/** Laying a picture over its candidates: what the threads do (laying-threads.ts). */
import { agreement } from './agreement.ts';
import { alterationOf } from './alteration.ts';
import type { Pictures } from './pictures.ts';
import { coarseFits, fineFit, startsOf, type Found, type Registrable } from './registration.ts';
import type { Evidence } from './rule.ts';

/** Candidates that are registered from afar, and to the end: those that fit best so far. */
const COARSE = 8;
const FINE = 4;
/** Correlation from afar under which a candidate is given up. */
const LEAST_FIT = 0.6;

/** A picture laid over the one that it agrees best with. */
export interface Comparison extends Evidence {
  id: number;
  other: number;
  /** The other candidates; those that were laid over it, with what came of it. */
  others: number[];
  rivals: (Evidence & { other: number })[];
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
export async function laidOver(pictures: Pictures, id: number, others: number[]): Promise<Evidence[]> {
  const [own, ...copies] = await Promise.all([id, ...others].map((each) => pictures.get(each)));
  return own ? copies.flatMap((picture) => (picture && layOver(picture, own)) ?? []) : [];
}

/** Two pictures laid over each other and compared; null where they do not fit. */
export function layOver(
  copy: Registrable,
  original: Registrable,
  coarse: Found[] = coarseFits(copy, original, startsOf(copy, original)),
): Evidence | null {
  const fine = fineFit(copy, original, coarse);
  const found = fine && agreement(copy.plate, original.plate, fine.placement);
  if (!found) return null;
  const alteration = alterationOf(copy.plate[0], original.plate[0], fine.placement, found.changed);
  return { ...found, alteration };
}

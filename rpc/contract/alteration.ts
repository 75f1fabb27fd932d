import { CERTAINTY_WORDS, type Certainty, type PairCertainty } from './terms.ts';

/** How a copy differs from the picture that it was made from, as laying one over the other showed. */
export interface Alteration {
  /** Left and right exchanged, after the turn. */
  mirrored: boolean;
  /** Clockwise turn of the copy in degrees, above -180, up to 180. */
  turned: number;
  /** Part of the original's width and height that is gone, 0..1: 1 - the root of the share of its area that is left. */
  cropped: number;
  /** The copy goes on beyond the original on all sides. */
  bordered: boolean;
  /** Share of the copy's texture that shows something else, 0..1: what is written or laid over it. */
  changed: number;
  /**
   * Where the copy lies on the original: (x, y) of the copy, in parts of its width and height, is the original's
   * (m0 x + m2 y + m4, m1 x + m3 y + m5). Missing in runs of earlier versions.
   */
  onto?: [number, number, number, number, number, number];
}

/** Smaller turns are within what registration can tell, in degrees. */
const LEAST_TURN = 0.9;
/** A smaller crop is what saving and resizing may cost at the edges. */
const LEAST_CROP = 0.03;
const LEAST_CHANGE = 0.08;

/** `mirrored, cropped 12 %, partly changed`; empty where nothing but the look of the pixels changed. */
export function alterationWords({ mirrored, turned, cropped, bordered, changed }: Alteration): string {
  const quarters = Math.round(turned / 90);
  const rest = turned - 90 * quarters;
  const words: string[] = [];
  // Turned upside down and mirrored: its top and bottom were exchanged.
  if (mirrored) words.push(Math.abs(quarters) === 2 ? 'mirrored top to bottom' : 'mirrored');
  if (quarters !== 0 && !(mirrored && Math.abs(quarters) === 2))
    words.push(Math.abs(quarters) === 2 ? 'upside down' : `turned 90° ${quarters > 0 ? 'right' : 'left'}`);
  if (Math.abs(rest) >= LEAST_TURN) words.push(`rotated ${Math.max(1, Math.round(Math.abs(rest)))}°`);
  if (cropped >= LEAST_CROP) words.push(`cropped ${Math.round(cropped * 100)} %`);
  if (bordered) words.push('with a border');
  if (changed >= LEAST_CHANGE) words.push('partly changed');
  return words.join(', ');
}

/** `same pixels as real/1.png`, `same picture as real/1.png, mirrored, cropped 12 %`, `neighbouring shot of real/1.png`. */
export function copyWords(
  original: string,
  { certainty, alteration }: { certainty: PairCertainty; alteration: Alteration | null },
): string {
  const words = alteration && alterationWords(alteration);
  const link = certainty === 'neighbour' ? 'of' : 'as';
  return `${CERTAINTY_WORDS[certainty].title.toLowerCase()} ${link} ${original}${words ? `, ${words}` : ''}`;
}

/** `same pixels`, `same picture: mirrored`. */
export function certaintyWords(certainty: Certainty, alteration: Alteration | null): string {
  const words = alteration && alterationWords(alteration);
  return `${CERTAINTY_WORDS[certainty].title.toLowerCase()}${words ? `: ${words}` : ''}`;
}

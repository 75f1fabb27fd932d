import { suspicionScale, type FactScore } from '../scores/define.ts';
import artefact from '../scores/artefact.ts';
import dark from '../scores/dark.ts';
import isolation from '../scores/isolation.ts';
import light from '../scores/light.ts';
import lowInformation from '../scores/low-information.ts';
import noveltyClass from '../scores/novelty-class.ts';
import sharpness from '../scores/sharpness.ts';
import { SMALLEST_STEP, Usual } from '../outlying.ts';

/**
 * What may tell that a picture is spoilt: how outlying a score is. Too much of something can be a sign as well as too
 * little: noise makes edges sharper, and an exposure that is lost makes dark pixels light.
 */
const SIGNS: readonly { score: FactScore; ends: readonly (1 | -1)[] }[] = [
  { score: artefact, ends: [1] },
  { score: noveltyClass, ends: [1] },
  { score: isolation, ends: [1] },
  { score: sharpness, ends: [1, -1] },
  { score: dark, ends: [1, -1] },
  { score: light, ends: [1, -1] },
  { score: lowInformation, ends: [1, -1] },
];

/** The scores that signs are read from. */
export const SIGN_SCORES: readonly string[] = SIGNS.map(({ score }) => score.id);
/** The score of each sign. */
export const SIGN_NAMES: readonly string[] = SIGNS.flatMap(({ score, ends }) => ends.map(() => score.id));

/** Scores of some images by id, and the class of each image; negative without one. */
export interface ScoredImages {
  scores: ReadonlyMap<string, Float64Array>;
  labels: ArrayLike<number>;
}

/** Reads the signs of images: how outlying they are among all of the given sets, and among their own class there. */
export class SignReader {
  readonly #usual: { id: string; scale: (value: number) => number; usual: Usual }[];

  constructor(sets: readonly ScoredImages[]) {
    this.#usual = SIGNS.flatMap(({ score, ends }) =>
      ends.map((end) => {
        const towards = suspicionScale(score);
        const scale = (value: number): number => end * towards(value);
        const samples = sets.map(({ scores, labels }) => ({
          values: scores.get(score.id)!.map(scale),
          labels,
        }));
        return { id: score.id, scale, usual: new Usual(samples, SMALLEST_STEP) };
      }),
    );
  }

  /** ln(1 + z) of each sign of one image, z its outlyingness; 0 where it is usual or not known. */
  read({ scores, labels }: ScoredImages, row: number): Float64Array {
    return Float64Array.from(this.#usual, ({ id, scale, usual }) => {
      const z = usual.distance(scale(scores.get(id)![row]!), labels[row]);
      return z > 0 ? Math.log1p(z) : 0;
    });
  }
}

import { places, sharesWords } from '../../../../rpc/contract/answer-words.ts';
import type { AnsweredImage } from '../../../../rpc/contract/answers.ts';
import type { GalleryPicture } from '../../../parts/gallery.tsx';

/** An image with both entropies. */
export type ComparedImage = AnsweredImage & { people: number; model: number };

export const isCompared = (image: AnsweredImage): image is ComparedImage =>
  image.people !== null && image.model !== null;

/** An image with what was said of it. */
export const pictureOf = ({
  sha256,
  path,
  answers,
  annotators,
  people,
  model,
}: AnsweredImage): GalleryPicture => ({
  sha256,
  path,
  caption: `${sharesWords(answers, annotators)}. Entropy: people ${places(people)}, model ${places(model)}.`,
});

import { integer, percent } from '../format.ts';
import type { Role } from './terms.ts';

/** Bins of the highest probability, of equal width. */
export const CALIBRATION_BINS = 10;

/** Images by the highest probability that the label model gives them: how many, its sum, and how many it is right on. */
export interface CalibrationBin {
  images: number;
  stated: number;
  right: number;
}

interface ClassQuality {
  name: string;
  images: number;
  /** Images that the model finds most likely to be of the class that they are given. */
  right: number;
  interval: [number, number];
  /** The class that it takes most of the others for. */
  taken: { name: string; images: number } | null;
}

/** How well the label model knows the classes: on the hold-out, or out of fold on the real images. Rates are 0..1. */
export interface ModelQuality {
  role: Role;
  images: number;
  right: number;
  /** 95 % interval of the accuracy. */
  interval: [number, number];
  classes: ClassQuality[];
  /** Null in runs of earlier versions. `error` is the expected calibration error. */
  calibration: { bins: CalibrationBin[]; error: number } | null;
}

/** With fewer images of a class, its accuracy says nothing. */
const FEWEST = 5;
const WEAK = 0.5;

/** Classes that the model cannot tell, the worst first: it is wrong on at least half of their images. */
export const weakClasses = ({ classes }: ModelQuality): ClassQuality[] =>
  classes
    .filter(({ images, right }) => images >= FEWEST && right <= WEAK * images)
    .toSorted((a, b) => a.right / a.images - b.right / b.images);

const IMAGES_OF: Record<Role, string> = {
  holdout: 'hold-out images, which it never saw',
  real: 'real images, each predicted without it',
  synthetic: 'synthetic images',
};

/** `Right on 267 of 300 hold-out images, which it never saw: 89 % (85 % to 92 %).` */
export const qualitySentence = ({ role, images, right, interval }: ModelQuality): string =>
  `Right on ${integer(right)} of ${integer(images)} ${IMAGES_OF[role]}: ${percent(right / images)} (${percent(interval[0])} to ${percent(interval[1])}).`;

/** What a class means that the model cannot tell. */
export const weakSentence = ({ name, images, right, taken }: ClassQuality): string =>
  `The model is wrong on ${percent((images - right) / images, 0)} of the images of ${name}${taken ? `, most often taken for ${taken.name} (${integer(taken.images)})` : ''}: it cannot tell this class, so it proves nothing about its labels.`;

/** How far its probabilities can be believed, in a sentence; null where it is not known. */
export function calibrationSentence({ calibration, images }: ModelQuality): string | null {
  if (!calibration) return null;
  const stated = calibration.bins.reduce((sum, bin) => sum + bin.stated, 0) / images;
  const right = calibration.bins.reduce((sum, bin) => sum + bin.right, 0) / images;
  const words =
    Math.abs(stated - right) <= 0.02
      ? 'about as sure as it is right'
      : stated > right
        ? 'surer than it is right'
        : 'less sure than it is right';
  return `It is ${words}: ${percent(stated)} sure on average, ${percent(right)} right; taken by how sure it is, the two differ by ${percent(calibration.error)} on average.`;
}

import { counted } from '../../rpc/format.ts';
import type { Fit } from '../base/boxes.ts';
import type { RecordedFile } from '../ledger/events.ts';
import { countOutside, isOpen, type Size } from './fit-boxes.ts';

/** Each with what the images do, for one and for several, and what became of their boxes. */
const WORDS: Record<Fit, [one: string, several: string, boxes: string]> = {
  turned: [
    'image states its size before the EXIF orientation is applied',
    'images state their size before the EXIF orientation is applied',
    'the boxes are turned with the picture',
  ],
  scaled: [
    'image states another size of the same shape',
    'images state another size of the same shape',
    'the boxes are scaled to the picture',
  ],
  'turned-scaled': [
    'image states another size, before the EXIF orientation is applied',
    'images state another size, before the EXIF orientation is applied',
    'the boxes are turned with the picture and scaled to it',
  ],
  swapped: [
    'image states its width and height the other way round, and has no EXIF orientation that explains it',
    'images state their width and height the other way round, and have no EXIF orientation that explains it',
    'the boxes are kept as written',
  ],
  'other-size': [
    'image states a size that does not fit the picture',
    'images state a size that does not fit the picture',
    'the boxes are kept as written',
  ],
  beyond: [
    'image states another size, and its boxes fit the picture only as written',
    'images state another size, and their boxes fit the picture only as written',
    'they are kept so',
  ],
  open: [
    'image has an EXIF orientation, and no stated size tells whether its boxes were drawn before or after it was applied',
    'images have an EXIF orientation, and no stated size tells whether their boxes were drawn before or after it was applied',
    'they are kept as written',
  ],
};

/** A file, as it is listed or recorded; of the image only its size is read. */
type Fitted = Pick<RecordedFile, 'path' | 'frame'> & {
  boxes?: readonly Pick<NonNullable<RecordedFile['boxes']>[number], 'format' | 'values'>[] | undefined;
  image?: Size | undefined;
};

/** Counts what became of boxes that do not plainly refer to the picture as shown, and boxes outside of it. */
export class FitTally {
  readonly #fits = new Map<Fit, { images: number; example: string }>();
  readonly #outside = { images: 0, boxes: 0, example: '' };

  add({ path, image, boxes, frame }: Fitted): void {
    if (!image || !boxes) return;
    if (frame) {
      const { orientation = 1, width, height } = frame;
      const oriented = `${path} has the orientation ${orientation}`;
      const sizes = `${path} states ${width}x${height} and is ${image.width}x${image.height}`;
      this.#count(frame.boxes, frame.boxes === 'open' ? oriented : sizes);
      if (frame.boxes === 'scaled' && isOpen({ ...image, orientation })) this.#count('open', oriented);
    }
    const outside = countOutside(boxes, image);
    if (outside === 0) return;
    this.#outside.images += 1;
    this.#outside.boxes += outside;
    this.#outside.example ||= `${path}, which is ${image.width}x${image.height}`;
  }

  /** A sentence for each kind. */
  notes(): string[] {
    const notes = Object.entries(WORDS).flatMap(([fit, [one, several, boxes]]) => {
      const found = this.#fits.get(fit as Fit);
      if (!found) return [];
      const images = counted(found.images, one, several);
      return [`${images}: ${boxes}. For instance, ${found.example}.`];
    });
    const { images, boxes, example } = this.#outside;
    if (images > 0)
      notes.push(
        `${counted(boxes, 'box lies', 'boxes lie')} entirely outside the picture, in ${counted(images, 'image')}, for instance in ${example}: kept as written.`,
      );
    return notes;
  }

  #count(fit: Fit, example: string): void {
    const found = this.#fits.get(fit);
    if (found) found.images += 1;
    else this.#fits.set(fit, { images: 1, example });
  }
}

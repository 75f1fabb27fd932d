import type { Store } from '../../../db/store.ts';
import { sampleWithoutReplacement, streamOf } from '../../base/numeric/random.ts';
import { misplacedBox, phantomBox, type BoxFault } from './faulty-boxes.ts';
import { objectsOf, type ImageObjects, type PixelBox } from './objects.ts';

/** Real objects that are learnt from, and faulty copies of their boxes. */
const MOST_OBJECTS = 8000;
const MOST_FAULTY = 1800;
/** Every third faulty box is where nothing is. */
const PHANTOMS = 3;

/** A box that is learnt from: a real object as it is given, or a faulty copy of its box. */
export interface Taught {
  image: ImageObjects;
  /** Index into the image's objects. */
  object: number;
  fault: BoxFault | null;
  variant: string;
  box: PixelBox;
}

/**
 * What is learnt from, drawn by the seed. The faulty box of an object follows from the seed and the object alone: its crop is
 * kept, and another run on more images must find the crop of the box that it draws.
 */
export function planTaught(
  store: Store,
  realIds: readonly number[],
  classes: ReadonlyMap<string, number>,
  seed: number,
): Taught[] {
  const random = streamOf(seed, 'faulty boxes');
  const images: ImageObjects[] = [];
  let count = 0;
  for (const row of sampleWithoutReplacement(random, realIds.length, realIds.length)) {
    if (count >= MOST_OBJECTS) break;
    const found = objectsOf(store, realIds[row]!, classes);
    if (!found) continue;
    images.push(found);
    count += found.objects.length;
  }
  images.sort((a, b) => a.imageId - b.imageId);
  const sound = images.flatMap((image) =>
    image.objects.map(({ box }, object): Taught => ({ image, object, fault: null, variant: '', box })),
  );
  const faulty: Taught[] = [];
  for (const [i, row] of sampleWithoutReplacement(
    random,
    sound.length,
    Math.min(sound.length, MOST_FAULTY),
  ).entries()) {
    const { image, object } = sound[row]!;
    const fault: BoxFault = i % PHANTOMS === 0 ? 'phantom' : 'misplaced';
    const { position } = image.objects[object]!;
    const own = streamOf(seed, `${fault} ${image.imageId} ${position}`);
    const box = (fault === 'phantom' ? phantomBox : misplacedBox)(image, object, own);
    if (box) faulty.push({ image, object, fault, variant: `${fault} ${seed}`, box });
  }
  return [...sound, ...faulty];
}

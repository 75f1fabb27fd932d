import type { Random } from '../../imaging/random.ts';
import { STREET_CLASSES, STREET_NAMES } from './objects.ts';
import { HEIGHT, WIDTH, type StreetObject } from './scene.ts';

/** An object as the annotation file says it, right or wrong. */
export type Annotated = Pick<StreetObject, 'label' | 'box' | 'mask'>;

/** What may be wrong with one object of a picture. */
export const STREET_FAULTS = [
  'wrong-class',
  'shifted',
  'scaled',
  'missing',
  'duplicated',
  'phantom',
  'wrong-mask',
] as const;
export type StreetFault = (typeof STREET_FAULTS)[number];

/** The annotations with one fault put in, and what was done; null where this picture has no place for it. */
export function spoilObjects(
  random: Random,
  objects: readonly StreetObject[],
  fault: StreetFault,
): { objects: Annotated[]; at: number; note: string } | null {
  const all: Annotated[] = objects.map(({ label, box, mask }) => ({ label, box, mask }));
  // Nobody could tell a fault of a thing that is hardly there.
  const clear = objects.flatMap(({ box: [, , w, h], hidden }, i) =>
    w * h >= 250 && hidden < 0.3 ? [i] : [],
  );
  if (clear.length === 0) return null;
  const at = random.pick(clear);
  const own = all[at]!;
  switch (fault) {
    case 'wrong-class': {
      const rivals = random.chance(0.7)
        ? STREET_CLASSES[own.label].confusable
        : STREET_NAMES.filter((name) => name !== own.label);
      const label = random.pick(rivals);
      all[at] = { ...own, label };
      return { objects: all, at, note: `a ${own.label} called ${label}` };
    }
    case 'shifted': {
      const angle = random.uniform(0, 2 * Math.PI);
      const far = random.uniform(0.35, 0.7);
      return moved(all, at, [
        own.box[0] + Math.cos(angle) * far * own.box[2],
        own.box[1] + Math.sin(angle) * far * own.box[3],
        own.box[2],
        own.box[3],
      ]);
    }
    case 'scaled': {
      const factor = random.chance(0.5) ? random.uniform(0.4, 0.6) : random.uniform(1.7, 2.4);
      const [x, y, w, h] = own.box;
      return moved(all, at, [x + (w * (1 - factor)) / 2, y + (h * (1 - factor)) / 2, w * factor, h * factor]);
    }
    case 'missing':
      return {
        objects: all.filter((_, i) => i !== at),
        at: -1,
        note: `no ${own.label} at ${own.box.join(' ')}`,
      };
    case 'duplicated': {
      const [x, y, w, h] = own.box;
      const by = (size: number): number => Math.round(size * random.uniform(-0.06, 0.06));
      all.push({ ...own, box: inFrame([x + by(w), y + by(h), w + by(w), h + by(h)]) });
      return { objects: all, at: all.length - 1, note: `the ${own.label} twice` };
    }
    case 'phantom': {
      const place = emptyPlace(random, objects, own.box);
      if (!place) return null;
      all.push({ label: own.label, box: place, mask: filled(place) });
      return { objects: all, at: all.length - 1, note: `no ${own.label} there` };
    }
    default: {
      const other = clear.find((i) => i !== at);
      if (other === undefined) return null;
      all[at] = { ...own, mask: all[other]!.mask };
      return { objects: all, at, note: `the mask of the ${all[other]!.label}` };
    }
  }
}

function moved(all: Annotated[], at: number, to: Annotated['box']) {
  const box = inFrame(to);
  if (box[2] < 4 || box[3] < 4) return null;
  const note = `the box was ${all[at]!.box.join(' ')}`;
  all[at] = { ...all[at]!, box, mask: carried(all[at]!, box) };
  return { objects: all, at, note };
}

/** The mask of an object, moved and resized with its box. */
function carried({ mask, box: [x, y, w, h] }: Annotated, to: Annotated['box']): Uint8Array {
  const pixels = new Uint8Array(WIDTH * HEIGHT);
  const [left, top, width, height] = to;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const from = (y + Math.floor((row * h) / height)) * WIDTH + x + Math.floor((column * w) / width);
      pixels[(top + row) * WIDTH + left + column] = mask[from]!;
    }
  return pixels;
}

function filled([left, top, width, height]: Annotated['box']): Uint8Array {
  const mask = new Uint8Array(WIDTH * HEIGHT);
  for (let y = top; y < top + height; y++) mask.fill(1, y * WIDTH + left, y * WIDTH + left + width);
  return mask;
}

function inFrame([x, y, w, h]: readonly [number, number, number, number]): Annotated['box'] {
  const left = Math.min(WIDTH - 1, Math.max(0, Math.round(x)));
  const top = Math.min(HEIGHT - 1, Math.max(0, Math.round(y)));
  const right = Math.min(WIDTH, Math.max(left + 1, Math.round(x + w)));
  const bottom = Math.min(HEIGHT, Math.max(top + 1, Math.round(y + h)));
  return [left, top, right - left, bottom - top];
}

/** A place of about the size of `like`, where no object is; null where none was found. */
function emptyPlace(
  random: Random,
  objects: readonly StreetObject[],
  [, , w, h]: Annotated['box'],
): Annotated['box'] | null {
  for (let tries = 0; tries < 60; tries++) {
    const factor = random.uniform(0.7, 1.3);
    const box = inFrame([
      random.uniform(0, WIDTH - w * factor),
      random.uniform(HEIGHT * 0.25, HEIGHT - h * factor),
      w * factor,
      h * factor,
    ]);
    const touches = objects.some(
      ({ box: [x, y, width, height] }) =>
        box[0] < x + width && x < box[0] + box[2] && box[1] < y + height && y < box[1] + box[3],
    );
    if (!touches && box[2] > 6 && box[3] > 6) return box;
  }
  return null;
}

// Copies whose pixels lie elsewhere: another size, another side up, another frame.
import type { Picture } from '../canvas.ts';
import type { Random } from '../random.ts';
import { resample } from '../resample.ts';
import type { FaultFamily, Faulty } from './define.ts';
import { between, cut, eitherWay, mapLevels, percent, redraw, sizeOf } from './tools.ts';

const copy = (picture: Picture, what: string): Faulty => ({ picture, mask: null, what });

/** `share` of a length in whole pixels, at least one pixel from where it was unless there is no other length. */
function scaled(length: number, share: number): number {
  const rounded = Math.max(1, Math.round(length * share));
  return rounded === length ? Math.max(1, length + (share > 1 ? 1 : -1)) : rounded;
}

const resizing: FaultFamily = {
  id: 'resize',
  group: 'copy',
  title: 'Another size',
  changesSize: true,
  apply(picture, random, strength) {
    const share = random.chance(0.5) ? between(0.92, 0.4, strength) : between(1.08, 1.6, strength);
    const width = scaled(picture.width, share);
    const height = scaled(picture.height, share);
    const rgb = resample(picture.rgb, picture.width, picture.height, 3, width, height);
    return copy({ width, height, rgb }, `resized to ${percent(share)}`);
  },
};

const mirror: FaultFamily = {
  id: 'mirror',
  group: 'copy',
  title: 'Mirrored',
  apply(picture) {
    const { width, height } = picture;
    const mirrored = redraw(picture, width, height, (x, y, at) => {
      at[0] = width - 1 - x;
      at[1] = y;
    });
    return copy(mirrored, 'mirrored');
  },
};

const rotate90: FaultFamily = {
  id: 'rotate-90',
  group: 'copy',
  title: 'Turned by quarters',
  changesSize: true,
  apply(picture, random) {
    const quarters = 1 + random.integer(3);
    const { width, height } = picture;
    const right = width - 1;
    const bottom = height - 1;
    const [w, h] = quarters === 2 ? [width, height] : [height, width];
    const turned = redraw(picture, w, h, (x, y, at) => {
      at[0] = quarters === 1 ? y : quarters === 2 ? right - x : right - y;
      at[1] = quarters === 1 ? bottom - x : quarters === 2 ? bottom - y : x;
    });
    return copy(turned, `turned clockwise by ${quarters * 90}°`);
  },
};

const rotateSmall: FaultFamily = {
  id: 'rotate-small',
  group: 'copy',
  title: 'Turned by a few degrees',
  changesSize: true,
  apply(picture, random, strength) {
    const degrees = eitherWay(random, between(1, 10, strength));
    const angle = (degrees * Math.PI) / 180;
    const fill = random.pick(FILLS);
    const inner = fill === 'cut' ? innerRectangle(picture, Math.abs(angle)) : picture;
    const { turned, outside } = turn(picture, angle, inner.width, inner.height);
    const direction = degrees > 0 ? 'clockwise' : 'anticlockwise';
    if (fill === 'white' || fill === 'black') {
      const level = fill === 'white' ? 255 : 0;
      for (let i = 0; i < outside.length; i++) if (outside[i]) turned.rgb.fill(level, i * 3, i * 3 + 3);
    }
    const corners = fill === 'cut' ? 'cut to the inner rectangle' : `corners ${fill}`;
    return copy(turned, `rotated ${direction} by ${Math.abs(degrees).toFixed(1)}°, ${corners}`);
  },
};

/** What becomes of the corners of a turned picture. `smeared` repeats its border. */
const FILLS = ['cut', 'cut', 'smeared', 'white', 'black'] as const;

/** Turns clockwise about the centre; `outside` is 1 where the result has no pixel of the picture's. */
function turn(picture: Picture, angle: number, width: number, height: number) {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const outside = new Uint8Array(width * height);
  const turned = redraw(picture, width, height, (x, y, at) => {
    const dx = x - (width - 1) / 2;
    const dy = y - (height - 1) / 2;
    at[0] = (picture.width - 1) / 2 + cos * dx + sin * dy;
    at[1] = (picture.height - 1) / 2 - sin * dx + cos * dy;
    const isInside =
      at[0] > -0.5 && at[1] > -0.5 && at[0] < picture.width - 0.5 && at[1] < picture.height - 0.5;
    if (!isInside) outside[y * width + x] = 1;
  });
  return { turned, outside };
}

/** The largest upright rectangle of the picture's own proportions inside it after a turn by 0..90°. */
function innerRectangle({ width, height }: Picture, angle: number): { width: number; height: number } {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const share = Math.min(width / (width * cos + height * sin), height / (width * sin + height * cos));
  return { width: Math.max(1, Math.floor(width * share)), height: Math.max(1, Math.floor(height * share)) };
}

const crop: FaultFamily = {
  id: 'crop',
  group: 'copy',
  title: 'Cropped',
  changesSize: true,
  apply(picture, random, strength) {
    const share = between(0.05, 0.3, strength);
    const width = scaled(picture.width, 1 - share);
    const height = scaled(picture.height, 1 - share);
    const left = random.integer(picture.width - width + 1);
    const top = random.integer(picture.height - height + 1);
    return copy(cut(picture, left, top, width, height), `cropped by ${percent(share)} of width and height`);
  },
};

const border: FaultFamily = {
  id: 'border',
  group: 'copy',
  title: 'With a border',
  changesSize: true,
  apply(picture, random, strength) {
    const share = between(0.02, 0.12, strength);
    const thick = Math.max(1, Math.round(share * sizeOf(picture)));
    const [name, colour] = borderColour(random);
    const width = picture.width + 2 * thick;
    const height = picture.height + 2 * thick;
    const rgb = new Uint8Array(width * height * 3);
    for (let i = 0; i < rgb.length; i++) rgb[i] = colour[i % 3]!;
    for (let y = 0; y < picture.height; y++) {
      const from = y * picture.width * 3;
      const row = picture.rgb.subarray(from, from + picture.width * 3);
      rgb.set(row, ((y + thick) * width + thick) * 3);
    }
    return copy({ width, height, rgb }, `${name} border of ${thick} px`);
  },
};

function borderColour(random: Random): [string, readonly number[]] {
  const kind = random.integer(4);
  if (kind === 0) return ['black', [0, 0, 0]];
  if (kind < 3) return ['white', [255, 255, 255]];
  return ['coloured', [random.integer(256), random.integer(256), random.integer(256)]];
}

const shifted: FaultFamily = {
  id: 'shifted',
  group: 'copy',
  title: 'Shifted by a few pixels',
  apply(picture, random, strength) {
    const most = between(0.5, 3, strength);
    const dx = random.uniform(-most, most);
    const dy = random.uniform(-most, most);
    const gain = 1 + eitherWay(random, random.uniform(0.01, between(0.015, 0.04, strength)));
    const { width, height } = picture;
    const moved = redraw(picture, width, height, (x, y, at) => {
      at[0] = x - dx;
      at[1] = y - dy;
    });
    const light = `${(Math.abs(gain - 1) * 100).toFixed(1)} % ${gain > 1 ? 'brighter' : 'darker'}`;
    const what = `shifted by ${dx.toFixed(1)} and ${dy.toFixed(1)} px, ${light}`;
    return copy(
      mapLevels(moved, (level) => level * gain),
      what,
    );
  },
};

export const FRAMES = [resizing, mirror, rotate90, rotateSmall, crop, border, shifted];

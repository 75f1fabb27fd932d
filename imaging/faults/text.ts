// Writing that nobody asked for: letters, captions, marks of an owner.
import type { Picture } from '../canvas.ts';
import type { Random } from '../random.ts';
import type { FaultFamily } from './define.ts';
import { extentOf, CAPITAL, LETTERS } from './font.ts';
import { between, changes, cut, eitherWay, meanLuma, percent, sizeOf } from './tools.ts';
import { write, type Lettering } from './write.ts';

const WORDS = [
  'SAMPLE',
  'PREVIEW',
  'DRAFT',
  'STUDIO 9',
  'LOT 4471',
  '2021-03-14',
  '14:07:52',
  'NO.18',
  'FOR SALE',
  '-30%',
  'IMG_0412',
  '@PHOTO',
  'NEW',
  'TEST',
];
const COLOURS = [
  [255, 255, 255],
  [255, 255, 255],
  [10, 10, 10],
  [10, 10, 10],
  [225, 30, 30],
  [250, 220, 40],
  [30, 60, 200],
];

/** Letters under 5 px are specks. */
const LEAST_HEIGHT = 5;

/** What somebody may have written, or letters in no order, as generators draw them. */
function words(random: Random): string {
  if (random.chance(0.6)) return random.pick(WORDS);
  return Array.from({ length: 3 + random.integer(6) }, () => random.pick(LETTERS)).join('');
}

/** As many letters as fit, at least one. */
function fitting(text: string, width: number, height: number): string {
  const letters = Math.floor(((width * CAPITAL) / height + 1) / 6);
  return text.slice(0, Math.max(1, letters)).trim();
}

/** A colour that stands out from what is behind, as far as one does. */
function contrasting(picture: Picture, random: Random, x: number, y: number): readonly number[] {
  const reach = Math.max(1, Math.round(sizeOf(picture) * 0.12));
  const left = Math.max(0, Math.floor(x) - reach);
  const top = Math.max(0, Math.floor(y) - reach);
  const right = Math.min(picture.width, Math.floor(x) + reach + 1);
  const bottom = Math.min(picture.height, Math.floor(y) + reach + 1);
  const behind = meanLuma(cut(picture, left, top, right - left, bottom - top));
  const colours = COLOURS.filter(([r, g, b]) => Math.abs(0.299 * r! + 0.587 * g! + 0.114 * b! - behind) > 90);
  return colours.length > 0 ? random.pick(colours) : behind > 127 ? [0, 0, 0] : [255, 255, 255];
}

/** Writes lines at a place where as much as possible of them is in the picture. */
function lettered(picture: Picture, random: Random, height: number, lines: string[], most: number): Picture {
  const written = { ...picture, rgb: picture.rgb.slice() };
  const extent = extentOf(lines);
  const angle = random.chance(0.6) ? 0 : eitherWay(random, random.uniform(0, most));
  const place = (length: number, dots: number): number => {
    const half = Math.min(length / 2, (dots * height) / CAPITAL / 2);
    return random.uniform(half, length - half) - 0.5;
  };
  const x = place(picture.width, extent.width);
  const y = place(picture.height, extent.height);
  const colour = contrasting(picture, random, x, y);
  write(written, { lines, x, y, height, angle, colour, opacity: random.uniform(0.8, 1) });
  return written;
}

const text: FaultFamily = {
  id: 'text',
  group: 'text',
  title: 'Writing in the picture',
  apply(picture, random, strength) {
    const height = Math.max(LEAST_HEIGHT, between(0.05, 0.14, strength) * sizeOf(picture));
    const count = 1 + random.integer(1 + Math.round(2 * strength));
    const lines = Array.from({ length: count }, () => fitting(words(random), picture.width, height));
    const written = lettered(picture, random, height, lines, 0.5);
    const what = `"${lines.join(' / ')}" in letters of ${Math.round(height)} px`;
    return { picture: written, mask: changes(picture, written), what };
  },
};

export const OVERLAY_TEXT: FaultFamily = {
  id: 'overlay-text',
  group: 'copy',
  title: 'With a line of text over it',
  apply(picture, random, strength) {
    const height = Math.max(LEAST_HEIGHT, between(0.04, 0.11, strength) * sizeOf(picture));
    const line = fitting(words(random), picture.width, height);
    const what = `"${line}" over it in letters of ${Math.round(height)} px`;
    return { picture: lettered(picture, random, height, [line], 0.2), mask: null, what };
  },
};

/** How a watermark lies in the picture; heights are shares of the size. */
const MARKS = {
  'all over': (random: Random, picture: Picture, word: string) => ({
    height: random.uniform(0.05, 0.08) * sizeOf(picture),
    angle: -random.uniform(0.3, 0.7),
    x: random.uniform(0, picture.width),
    y: random.uniform(0, picture.height),
    every: { across: (extentOf([word]).width + 12) / CAPITAL, down: random.uniform(2.2, 3.5) },
  }),
  'across the middle': (random: Random, picture: Picture, word: string) => ({
    height: (random.uniform(0.75, 0.95) * picture.width * CAPITAL) / extentOf([word]).width,
    angle: -random.uniform(0, 0.6),
    x: picture.width / 2,
    y: picture.height / 2,
  }),
  'in a corner': (random: Random, picture: Picture, word: string) => {
    const height = random.uniform(0.05, 0.08) * sizeOf(picture);
    const half = (extentOf([word]).width * Math.max(height, LEAST_HEIGHT)) / CAPITAL / 2;
    return { height, angle: 0, x: picture.width - half - height, y: picture.height - 1.5 * height };
  },
};

const OWNERS = ['STOCK', 'SAMPLE', 'PREVIEW', '@STUDIO', 'PHOTO 24', 'DEMO', 'COPY'];

const watermark: FaultFamily = {
  id: 'watermark',
  group: 'text',
  title: 'Watermark',
  apply(picture, random, strength) {
    const kind = random.pick(Object.keys(MARKS) as (keyof typeof MARKS)[]);
    const word = random.pick(OWNERS);
    const opacity = between(0.25, 0.65, strength) * (kind === 'in a corner' ? 1.4 : 1);
    const mark = MARKS[kind](random, picture, word);
    const height = Math.max(mark.height, LEAST_HEIGHT);
    const lettering: Omit<Lettering, 'colour'> = { lines: [word], opacity, ...mark, height };
    const written = { ...picture, rgb: picture.rgb.slice() };
    // A light mark with a shadow is seen on any ground.
    const shadow = Math.max(0.5, height / CAPITAL / 2);
    const below = { x: mark.x + shadow, y: mark.y + shadow, opacity: 0.7 * opacity };
    write(written, { ...lettering, ...below, colour: [20, 20, 20] });
    write(written, { ...lettering, colour: [245, 245, 245] });
    const what = `watermark "${word}" ${kind}, ${percent(opacity)} opaque`;
    return { picture: written, mask: changes(picture, written), what };
  },
};

export const TEXTS = [text, watermark];

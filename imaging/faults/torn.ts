import type { Picture } from '../canvas.ts';
import type { Random } from '../random.ts';
import type { FaultFamily } from './define.ts';
import { busyPlace, seen } from './places.ts';
import { between, eitherWay, percent, redraw, sizeOf } from './tools.ts';

/** A jagged line: heights of -1..1 at even steps of its length, straight between them. */
function jagged(random: Random): (along: number) => number {
  const heights = Array.from({ length: 64 }, () => random.uniform(-1, 1));
  return (along) => {
    const step = Math.floor(along);
    const share = along - step;
    return heights[step & 63]! * (1 - share) + heights[(step + 1) & 63]! * share;
  };
}

/** What shows where a strip is missing: the ground of the picture (the mean of its border), paper or nothing. */
function gap({ width, height, rgb }: Picture, random: Random): readonly number[] {
  const kind = random.integer(4);
  if (kind === 0) return [255, 255, 255];
  if (kind === 1) return [0, 0, 0];
  const sums = [0, 0, 0];
  let count = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x += y === 0 || y === height - 1 ? 1 : Math.max(1, width - 1)) {
      for (let c = 0; c < 3; c++) sums[c]! += rgb[(y * width + x) * 3 + c]!;
      count++;
    }
  }
  return sums.map((sum) => Math.round(sum / count));
}

export const TORN: FaultFamily = {
  id: 'torn',
  group: 'structure',
  title: 'Torn',
  apply(picture, random, strength) {
    const size = sizeOf(picture);
    const thick = Math.max(1.5, between(0.06, 0.2, strength) * size);
    const isMissing = random.chance(0.3);
    const far = Math.max(1.5, between(0.06, 0.25, strength) * size);
    const wide = `a strip ${percent(thick / size)} of the size wide`;
    const what = isMissing
      ? `torn: ${wide} is missing`
      : `torn: ${wide} is displaced by ${percent(far / size)}`;
    return seen(picture, () => ({ picture: tear(picture, random, thick, isMissing ? null : far), what }));
  },
};

/** A place beyond the border, reflected into the picture: a border repeated would show as streaks. */
function mirrored(place: number, length: number): number {
  const last = length - 1;
  return Math.abs(last - Math.abs(last - place));
}

/** Moves a strip with jagged edges along itself by `far` pixels; null takes it out. */
function tear(picture: Picture, random: Random, thick: number, far: number | null): Picture {
  const { width, height } = picture;
  const middle = busyPlace(picture, random);
  const angle = random.uniform(0, Math.PI);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const [upper, lower] = [jagged(random), jagged(random)];
  const tooth = Math.max(1, 0.04 * sizeOf(picture));
  const offset = eitherWay(random, far ?? 0);
  const aside = random.uniform(-0.3, 0.3) * offset;
  const ground = gap(picture, random);
  const holes: number[] = [];
  const torn = redraw(picture, width, height, (x, y, at) => {
    const along = cos * (x - middle.x) + sin * (y - middle.y);
    const across = cos * (y - middle.y) - sin * (x - middle.x);
    const isInside =
      across > thick * (0.25 * upper(along / tooth) - 0.5) &&
      across < thick * (0.25 * lower(along / tooth) + 0.5);
    if (isInside && far === null) holes.push(y * width + x);
    at[0] = isInside ? mirrored(x - cos * offset + sin * aside, width) : x;
    at[1] = isInside ? mirrored(y - sin * offset - cos * aside, height) : y;
  });
  for (const pixel of holes) torn.rgb.set(ground, pixel * 3);
  return torn;
}

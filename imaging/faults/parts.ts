// Parts of pictures where they do not belong.
import { AssayError } from '../../rpc/errors.ts';
import { sampleBilinear, type Picture } from '../canvas.ts';
import { fractalNoise, smoothstep } from '../noise.ts';
import type { Random } from '../random.ts';
import type { FaultFamily } from './define.ts';
import { busyPlace, seen } from './places.ts';
import { between, percent, redraw, sizeOf, toByte } from './tools.ts';

type Place = { x: number; y: number };

interface Piece {
  from: Place;
  to: Place;
  /** Pixels of the target. */
  radius: number;
  /** Pixels of the target per pixel of the source. */
  scale: number;
  /** Clockwise, radians. */
  angle: number;
  mirrored: boolean;
  /** Which outline. */
  salt: number;
}

/** Puts a piece with an uneven outline and a soft edge into `target` itself. */
function paste(target: Picture, source: Picture, piece: Piece): void {
  const { from, to, radius, scale, salt } = piece;
  const { width, height, rgb } = target;
  const cos = Math.cos(piece.angle) / scale;
  const sin = Math.sin(piece.angle) / scale;
  const reach = Math.ceil(radius * 1.3);
  const soft = Math.max(1, 0.18 * radius);
  for (let y = Math.max(0, Math.floor(to.y) - reach); y <= Math.min(height - 1, to.y + reach); y++) {
    for (let x = Math.max(0, Math.floor(to.x) - reach); x <= Math.min(width - 1, to.x + reach); x++) {
      const dx = x - to.x;
      const dy = y - to.y;
      const edge = radius * (0.75 + 0.5 * fractalNoise((1.6 * dx) / radius, (1.6 * dy) / radius, salt, 2));
      const share = 1 - smoothstep(edge - soft, edge, Math.hypot(dx, dy));
      if (share === 0) continue;
      const sx = from.x + (cos * dx + sin * dy) * (piece.mirrored ? -1 : 1);
      const sy = from.y + cos * dy - sin * dx;
      const at = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) {
        rgb[at + c] = toByte(rgb[at + c]! * (1 - share) + sampleBilinear(source, sx, sy, c) * share);
      }
    }
  }
}

const extraParts: FaultFamily = {
  id: 'extra-parts',
  group: 'structure',
  title: 'Parts that are there twice',
  apply(picture, random, strength) {
    const size = sizeOf(picture);
    const count = 1 + Math.round(2 * strength * random.next());
    return seen(picture, () => {
      const spoilt = { ...picture, rgb: picture.rgb.slice() };
      for (let i = 0; i < count; i++) {
        const radius = Math.max(1.5, between(0.09, 0.19, strength) * size * random.uniform(0.85, 1.15));
        const from = busyPlace(picture, random);
        paste(spoilt, picture, {
          from,
          to: elsewhere(picture, random, from, radius),
          radius,
          scale: random.uniform(0.7, 1.4),
          angle: random.uniform(-0.8, 0.8),
          mirrored: random.chance(0.3),
          salt: random.integer(1 << 20),
        });
      }
      const wide = percent((2 * between(0.09, 0.19, strength) * size) / size);
      return { picture: spoilt, what: `${count} of its own parts again, some ${wide} of the size wide` };
    });
  },
};

/** A place away from another, but inside the picture as far as there is room. */
function elsewhere({ width, height }: Picture, random: Random, from: Place, radius: number): Place {
  let to = from;
  for (let i = 0; i < 12 && Math.hypot(to.x - from.x, to.y - from.y) < 1.4 * radius; i++) {
    to = { x: random.uniform(0.1, 0.9) * width, y: random.uniform(0.1, 0.9) * height };
  }
  return to;
}

const foreignPart: FaultFamily = {
  id: 'foreign-part',
  group: 'structure',
  title: 'A part of another picture',
  needsOther: true,
  apply(picture, random, strength, other) {
    if (!other) {
      throw new AssayError(
        'INVALID_INPUT',
        'foreign-part takes a part of another picture: pass one as `other`',
      );
    }
    const size = sizeOf(picture);
    const radius = Math.max(1.5, between(0.1, 0.24, strength) * size);
    const what = `a part of another picture, ${percent((2 * radius) / size)} of the size wide`;
    return seen(picture, () => {
      const spoilt = { ...picture, rgb: picture.rgb.slice() };
      paste(spoilt, other, {
        from: busyPlace(other, random),
        to: busyPlace(picture, random),
        radius,
        scale: (size / sizeOf(other)) * random.uniform(0.7, 1.3),
        angle: random.uniform(-0.5, 0.5),
        mirrored: random.chance(0.5),
        salt: random.integer(1 << 20),
      });
      return { picture: spoilt, what };
    });
  },
};

const wrongScale: FaultFamily = {
  id: 'wrong-scale',
  group: 'structure',
  title: 'A part that is too large',
  apply(picture, random, strength) {
    const factor = between(1.5, 2.6, strength);
    const radius = Math.max(2, between(0.16, 0.34, strength) * sizeOf(picture));
    const what = `a part ${factor.toFixed(1)} times too large, ${percent(radius / sizeOf(picture))} of the size wide`;
    return seen(picture, () => {
      const middle = busyPlace(picture, random);
      const { width, height } = picture;
      const enlarged = redraw(picture, width, height, (x, y, at) => {
        const dx = x - middle.x;
        const dy = y - middle.y;
        // Even enlargement inside, then a rim in which the surroundings make room for it.
        const rim = smoothstep(0.5, 1, Math.hypot(dx, dy) / radius);
        const share = 1 / factor + (1 - 1 / factor) * rim;
        at[0] = rim === 1 ? x : middle.x + dx * share;
        at[1] = rim === 1 ? y : middle.y + dy * share;
      });
      return { picture: enlarged, what };
    });
  },
};

export const PARTS = [extraParts, foreignPart, wrongScale];

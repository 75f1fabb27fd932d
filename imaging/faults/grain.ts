import type { Picture } from '../canvas.ts';
import type { Random } from '../random.ts';
import { sizeOf, toByte } from './tools.ts';

/** Above this size, in pixels, grain grows with the picture: finer grain is lost where a large picture is shrunk. */
const FINE = 256;

/**
 * Adds noise as of a sensor: `deviation` is its standard deviation in levels, a third of its variance in colour. Grain
 * is one pixel up to a size of 256 px and larger in proportion above.
 */
export function grainy(picture: Picture, random: Random, deviation: number): Picture {
  const { width, height } = picture;
  const pitch = Math.max(1, Math.round(sizeOf(picture) / FINE));
  const brightness = field(width, height, pitch, random);
  const rgb = new Uint8Array(picture.rgb.length);
  const common = deviation * Math.sqrt(2 / 3);
  const own = deviation * Math.sqrt(1 / 3);
  for (let c = 0; c < 3; c++) {
    const colour = field(width, height, pitch, random);
    for (let i = 0, at = c; i < colour.length; i++, at += 3) {
      rgb[at] = toByte(picture.rgb[at]! + common * brightness[i]! + own * colour[i]!);
    }
  }
  return { width, height, rgb };
}

/** Normal noise, one draw per `pitch` x `pitch` pixels, interpolated between them and of unit variance on the whole. */
function field(width: number, height: number, pitch: number, random: Random): Float32Array {
  if (pitch === 1) return Float32Array.from({ length: width * height }, () => random.grain());
  const columns = Math.ceil(width / pitch) + 1;
  const rows = Math.ceil(height / pitch) + 1;
  const nodes = Float32Array.from({ length: columns * rows }, () => random.grain());
  const values = new Float32Array(width * height);
  for (let y = 0, to = 0; y < height; y++) {
    const row = Math.floor(y / pitch);
    const v = y / pitch - row;
    for (let x = 0; x < width; x++, to++) {
      const column = Math.floor(x / pitch);
      const u = x / pitch - column;
      const at = row * columns + column;
      const above = nodes[at]! * (1 - u) + nodes[at + 1]! * u;
      const below = nodes[at + columns]! * (1 - u) + nodes[at + columns + 1]! * u;
      // Interpolation averages draws: two thirds of the deviation are left.
      values[to] = 1.5 * (above * (1 - v) + below * v);
    }
  }
  return values;
}

import { POINT_BYTES } from '../../../../rpc/contract/maps.ts';

/** Points of a layout by column; `labels` holds indices into the map's labels, `NO_LABEL` for none. */
export interface MapPoints {
  count: number;
  x: Float32Array;
  y: Float32Array;
  ids: Uint32Array;
  roles: Uint8Array;
  verdicts: Uint8Array;
  labels: Uint16Array;
  /** Smallest and largest x and y; a unit square where there are no points. */
  bounds: { minX: number; minY: number; maxX: number; maxY: number };
}

/** Reads the file of a layout (`rpc/contract/maps.ts`). */
export function decodePoints(buffer: ArrayBuffer): MapPoints {
  if (buffer.byteLength % POINT_BYTES !== 0)
    throw new RangeError(
      `The map's file has ${buffer.byteLength} bytes, which is not a whole number of points. Compute the map again.`,
    );
  const view = new DataView(buffer);
  const count = buffer.byteLength / POINT_BYTES;
  const points = {
    count,
    x: new Float32Array(count),
    y: new Float32Array(count),
    ids: new Uint32Array(count),
    roles: new Uint8Array(count),
    verdicts: new Uint8Array(count),
    labels: new Uint16Array(count),
  };
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < count; i++) {
    const at = i * POINT_BYTES;
    const x = view.getFloat32(at, true);
    const y = view.getFloat32(at + 4, true);
    points.x[i] = x;
    points.y[i] = y;
    points.ids[i] = view.getUint32(at + 8, true);
    points.roles[i] = view.getUint8(at + 12);
    points.verdicts[i] = view.getUint8(at + 13);
    points.labels[i] = view.getUint16(at + 14, true);
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  const bounds = count > 0 ? { minX, minY, maxX, maxY } : { minX: 0, minY: 0, maxX: 1, maxY: 1 };
  return { ...points, bounds };
}

/** A view's mask (`images.mask`) from base64; `has` answers for an image's number. */
export class ImageMask {
  readonly #bits: Uint8Array;

  constructor(base64: string) {
    const text = atob(base64);
    this.#bits = Uint8Array.from(text, (character) => character.charCodeAt(0));
  }

  has(id: number): boolean {
    return ((this.#bits[id >> 3] ?? 0) & (1 << (id & 7))) !== 0;
  }
}

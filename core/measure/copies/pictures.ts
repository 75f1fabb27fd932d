import { keypointsOf } from './keypoints.ts';
import { plateOf } from './plate.ts';
import type { Registrable } from './registration.ts';

/** A small picture as it was decoded: RGB bytes, row-major, of `plateSize`. */
export interface Small {
  width: number;
  height: number;
  rgb: Uint8Array;
}

/** Small pictures with their keypoints, as registration reads them; the latest ones are kept. */
export class Pictures {
  readonly #read: (id: number) => Promise<Small | null>;
  readonly #most: number;
  readonly #kept = new Map<number, Promise<Registrable | null>>();

  /** `read` gives the picture of an image, or null where it cannot be read; `most` are kept ready, 70 kB each. */
  constructor(read: (id: number) => Promise<Small | null>, most: number) {
    this.#read = read;
    this.#most = most;
  }

  /** Null where it cannot be read. */
  get(id: number): Promise<Registrable | null> {
    const known = this.#kept.get(id);
    // Deleted and set again, a key becomes the youngest of the map.
    if (known) this.#kept.delete(id);
    const picture = known ?? this.#prepare(id);
    this.#kept.set(id, picture);
    if (this.#kept.size > this.#most) this.#kept.delete(this.#kept.keys().next().value!);
    return picture;
  }

  async #prepare(id: number): Promise<Registrable | null> {
    const small = await this.#read(id);
    if (!small) return null;
    const plate = plateOf(small.rgb, small.width, small.height);
    return { plate, keypoints: keypointsOf(plate) };
  }
}

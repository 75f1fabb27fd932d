import type { DecodePool } from '../../../imaging/decode-pool.ts';
import type { Project } from '../../project/project.ts';
import { originalOf } from '../../project/originals.ts';
import { keypointsOf } from './keypoints.ts';
import { plateOf, plateSize } from './plate.ts';
import type { Registrable } from './registration.ts';

/** Pictures kept ready, about 70 kB each. */
const KEPT = 1024;

/** The project's pictures, small and with their keypoints, as registration reads them; the latest ones are kept. */
export class Pictures {
  readonly #project: Project;
  readonly #decoders: DecodePool;
  readonly #kept = new Map<number, Promise<Registrable | null>>();
  /** Images of which neither the thumbnail nor the original could be read. */
  readonly unread = new Set<number>();

  constructor(project: Project, decoders: DecodePool) {
    this.#project = project;
    this.#decoders = decoders;
  }

  /** Null where it cannot be read; it is then among `unread`. */
  get(id: number): Promise<Registrable | null> {
    const known = this.#kept.get(id);
    // Deleted and set again, a key becomes the youngest of the map.
    if (known) this.#kept.delete(id);
    const picture = known ?? this.#read(id);
    this.#kept.set(id, picture);
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    return picture;
  }

  async #read(id: number): Promise<Registrable | null> {
    const image = this.#project.store.images.byId(id)!;
    const size = plateSize(image.width, image.height);
    const geometry = { ...size, fit: 'squash', kernel: 'area' } as const;
    const thumb = { root: this.#project.thumbs, path: `${image.sha256.slice(0, 2)}/${image.sha256}.webp` };
    const ask = { geometry, thumbs: null, objects: null };
    let outcome = await this.#decoders.decode({ ...thumb, ...ask });
    if (!outcome.ok) {
      outcome = await this.#decoders.decode({ ...originalOf(this.#project.objects, image), ...ask });
      if (!outcome.ok || outcome.sha256 !== image.sha256) {
        this.unread.add(id);
        return null;
      }
    }
    const plate = plateOf(outcome.tensor!, size.width, size.height);
    return { plate, keypoints: keypointsOf(plate) };
  }
}

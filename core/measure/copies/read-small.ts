import type { DecodePool } from '../../../imaging/decode-pool.ts';
import { originalOf } from '../../project/originals.ts';
import type { Project } from '../../project/project.ts';
import type { Small } from './pictures.ts';
import { plateSize } from './plate.ts';

/**
 * The small picture of an image, from its thumbnail or else from its original. Null where neither can be read; the image
 * is then put among `unread`.
 */
export async function readSmall(
  project: Project,
  decoders: DecodePool,
  id: number,
  unread: Set<number>,
): Promise<Small | null> {
  const image = project.store.images.byId(id)!;
  const size = plateSize(image.width, image.height);
  const geometry = { ...size, fit: 'squash', kernel: 'area' } as const;
  const thumb = { root: project.thumbs, path: `${image.sha256.slice(0, 2)}/${image.sha256}.webp` };
  const ask = { geometry, thumbs: null, objects: null };
  let outcome = await decoders.decode({ ...thumb, ...ask });
  if (!outcome.ok) {
    outcome = await decoders.decode({ ...originalOf(project.objects, image), ...ask });
    if (!outcome.ok || outcome.sha256 !== image.sha256) {
      unread.add(id);
      return null;
    }
  }
  return { ...size, rgb: outcome.tensor! };
}

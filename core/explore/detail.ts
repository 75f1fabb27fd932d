import type { HomeRow } from '../../db/queries/images.ts';
import type { Store } from '../../db/store.ts';
import type { ImageDetail } from '../../rpc/contract/images.ts';
import type { Reason } from '../../rpc/contract/reasons.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { Neighbour } from './neighbours.ts';

/** The image whose hash starts with the given digits. Throws `NOT_FOUND` if none or several do. */
export function imageOf(store: Store, hash: string): HomeRow {
  const [image, another] = store.images.startingWith(hash);
  if (!image || another)
    throw new AssayError(
      'NOT_FOUND',
      `${another ? 'More than one image starts' : 'No image starts'} with ${hash} in this project.`,
      { sha256: hash },
    );
  return image;
}

/** Everything the project knows about one image; the caller has found its neighbours. */
export function detailOf(
  store: Store,
  image: HomeRow,
  near: { real: Neighbour[]; any: Neighbour[]; among: number },
): ImageDetail {
  const { id, sha256, bytes, format, width, height } = image;
  const run = store.scores.runs().at(-1)?.id ?? 0;
  const files = store.imageDetail.files(id);
  const givenLabel = files[0]?.label ?? null;
  const queued = store.imageDetail.queued(id);
  const held = store.decisions.verdict(id);
  return {
    id,
    sha256,
    bytes,
    format,
    width,
    height,
    files,
    givenLabel,
    label: held?.label ?? givenLabel,
    predicted: store.scores.prediction(run, id) ?? null,
    scores: Object.fromEntries(store.scores.ofImage(run, id).map(({ name, value }) => [name, value])),
    flags: store.imageDetail.flags(run, id),
    tags: store.tags.ofImage(id),
    queued: queued
      ? {
          queue: queued.queue,
          rank: queued.position + 1,
          stratum: queued.stratum,
          reasons: JSON.parse(queued.reasons) as Reason[],
        }
      : null,
    metadata: store.imageDetail.metadata(id),
    neighbours: {
      real: named(store, near.real),
      any: named(store, near.any),
      among: near.among,
    },
    history: store.imageDetail.history(id),
    decisionVersion: held ? store.events.hashAt(store.decisions.seqOf(held.decisionId))! : null,
  };
}

function named(store: Store, near: Neighbour[]): ImageDetail['neighbours']['any'] {
  const rows = store.imageDetail.named(near.map(({ id }) => id));
  return rows.map(({ sha256, path, label, role }, i) => ({
    sha256,
    path,
    label,
    role,
    similarity: near[i]!.similarity,
  }));
}

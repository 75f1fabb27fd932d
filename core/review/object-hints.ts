import type { Store } from '../../db/store.ts';
import type { ObjectFault, ObjectHint } from '../../rpc/contract/objects.ts';

/** What a run says of the given objects of an image, the most suspicious first. */
export function objectHints(
  store: Store,
  run: number,
  imageId: number,
  names: ReadonlyMap<number, string>,
): ObjectHint[] {
  return store.objects
    .verdicts(run, imageId)
    .toSorted((a, b) => b.chance - a.chance || a.position - b.position)
    .map(({ position, chance, fault, labelId, confidence, area }) => ({
      box: position < 0 ? null : position,
      chance,
      fault: fault as ObjectFault,
      looksLike:
        labelId === null || confidence === null
          ? null
          : { label: names.get(labelId)!, probability: confidence },
      area: area === null ? null : (JSON.parse(area) as NonNullable<ObjectHint['area']>),
    }));
}

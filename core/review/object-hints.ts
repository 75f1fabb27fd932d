import type { VerdictRow } from '../../db/queries/objects.ts';
import type { Store } from '../../db/store.ts';
import { MISSING_POSITION } from '../measure/objects/missing.ts';
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

/** The same as a run of a hand-out has it, whose classes have the numbers `labelIdOf`. */
export function verdictOfHint(
  { box, chance, fault, looksLike, area }: ObjectHint,
  imageId: number,
  labelIdOf: (name: string) => number,
): VerdictRow {
  return {
    imageId,
    position: box ?? MISSING_POSITION,
    chance,
    fault,
    labelId: looksLike && labelIdOf(looksLike.label),
    confidence: looksLike && looksLike.probability,
    area: area && JSON.stringify(area),
  };
}

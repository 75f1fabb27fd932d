import type { Store } from '../../db/store.ts';
import type { DecisionInput } from '../../rpc/contract/reviews.ts';
import { isSameBox, toBoxes, type Box } from '../base/boxes.ts';
import { factsOf } from '../base/detail.ts';

type Place = NonNullable<DecisionInput['boxes']>[number]['of'];

/**
 * A box that is decided, with what is known of its object: all of it where the box is where it was, else what
 * does not say where the object is, since its outline and its keypoints no longer fit. A detail of its own, of an object that was
 * drawn anew, takes the place of both. `of` is the box that it was; without it
 * the given box in the very same place is meant. Returns null where the image has no such box.
 */
export function withDetail(store: Store, imageId: number, box: Box, of?: Place): Box | null {
  if (of && of.decision !== null && !store.decisions.isAbout(of.decision, imageId)) return null;
  const known = toBoxes(
    of && of.decision !== null ? store.decisions.boxes(of.decision) : store.images.homeBoxes(imageId),
  );
  const before = of ? known[of.place] : known.find((one) => isSameBox(one, box));
  if (of && !before) return null;
  const { label, format, values } = box;
  const detail = box.detail ?? (before && (isSameBox(before, box) ? before.detail : factsOf(before.detail)));
  return { label, format, values, ...(detail && { detail }) };
}

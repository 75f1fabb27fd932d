import type { Store } from '../../db/store.ts';
import type { ObjectExample, ObjectExamples } from '../../rpc/contract/objects.ts';
import { toBoxes, toPixels } from '../base/boxes.ts';
import { cropModel } from '../measure/objects/crops.ts';
import { mostSimilar, vectorsFrom } from '../measure/vectors.ts';
import type { Project } from '../project/project.ts';
import { reviewItems } from './items.ts';

/** Real objects of a class that are compared, evenly spaced by file. */
const MOST_PER_CLASS = 2000;
const EXAMPLES = 3;
const NONE: ObjectExamples = { given: [], looksLike: [] };

interface ClassObjects {
  objects: { imageId: number; position: number }[];
  /** Unit vectors of their crops, row by row. */
  unit: Float32Array;
}

/** Of one run, by class; kept for the next object, since a reviewer is waiting. */
interface Known {
  model: string;
  files: number;
  byClass: Map<number, ClassObjects>;
}
const known = new WeakMap<Store, Known>();

/**
 * The nearest real objects of the class that an object is said to be of, and of the one that it looks like, by cosine of
 * their crops. `object` is its place among the item's `objects`, so nothing is told of an item that hides them, or
 * whose boxes are a person's by now.
 */
export function objectExamples(
  project: Project,
  { queue, by, position, object }: { queue: number | null; by: string; position: number; object: number },
): ObjectExamples {
  const { store } = project;
  const [item] = reviewItems(project, queue, by, position, 1);
  const hint = item?.objects[object];
  if (!item || !hint || hint.box === null) return NONE;
  const imageId = store.images.idOf(item.sha256)!;
  const run = store.scores.runs().at(-1)!;
  const { label } = item.boxes[hint.box]!;
  const fileId = store.objects.homeFile(imageId).id;
  const own = store.objects.vector(cropModel(run.model), { fileId, position: hint.box, variant: '' });
  if (!own) return NONE;
  const dimensions = own.byteLength / 4;
  const { unit } = vectorsFrom([own], dimensions);
  const of = (name: string): ObjectExample[] => nearest(store, run.model, name, unit, imageId);
  const like = hint.looksLike?.label;
  return { given: of(label), looksLike: like === undefined || like === label ? [] : of(like) };
}

function nearest(
  store: Store,
  model: string,
  label: string,
  unit: Float32Array,
  exclude: number,
): ObjectExample[] {
  const { objects, unit: rows } = ofClass(store, model, label, unit.length);
  const best = mostSimilar(unit, rows, EXAMPLES, (row) => objects[row]!.imageId === exclude);
  return best.map(({ row, similarity }) => {
    const { imageId, position } = objects[row]!;
    const { sha256, width, height } = store.images.byId(imageId)!;
    const box = toBoxes(store.images.homeBoxes(imageId))[position]!;
    return {
      sha256,
      width,
      height,
      label,
      box: toPixels(box, width, height),
      similarity,
    };
  });
}

function ofClass(store: Store, model: string, label: string, dimensions: number): ClassObjects {
  const files = store.explore.lastFile();
  let held = known.get(store);
  if (held?.model !== model || held.files !== files) {
    held = { model, files, byClass: new Map() };
    known.set(store, held);
  }
  const labelId = store.batches.labelId(label)!;
  let found = held.byClass.get(labelId);
  if (!found) {
    const real = store.objects.realOfClass(cropModel(model), labelId);
    const rows = Math.min(real.length, MOST_PER_CLASS);
    const objects = Array.from({ length: rows }, (_, i) => real[Math.floor((i * real.length) / rows)]!);
    const vectors = objects.map(({ fileId, position }) =>
      store.objects.vector(cropModel(model), { fileId, position, variant: '' }),
    );
    found = { objects, unit: vectorsFrom(vectors, dimensions).unit };
    held.byClass.set(labelId, found);
  }
  return found;
}

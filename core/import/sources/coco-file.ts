import { labelOfBoxes, boxValues, type Box } from '../../base/boxes.ts';
import { arrayElements } from './json-elements.ts';
import { unreadable } from './unreadable.ts';
import { isRecord } from './untrusted.ts';

/** One record of COCO's `images`, with the columns that exports add to it. */
export interface CocoImage {
  fileName: string;
  /** All its columns, for the facts that are read as in other manifests. */
  columns: Record<string, unknown>;
  line: number;
  boxes: Box[];
  /** The class of its annotations: of those without a box where there are any, else of its boxes; null unless unique. */
  label: string | null;
}

interface Annotation {
  category: unknown;
  values: Box['values'] | null;
  line: number;
}

const ALL = new Set(['images', 'annotations', 'categories']);

/** Whether any annotation of the file has a box. Stops at the first, so that detection datasets are told at once. */
export async function hasBoxes(file: string): Promise<boolean> {
  for await (const elements of arrayElements(file, new Set(['annotations']))) {
    if (elements.some(({ value, line }) => annotation(file, value, line).values !== null)) return true;
  }
  return false;
}

/** The names of a file's `categories`, in its order. */
export async function categoryNames(file: string): Promise<string[]> {
  const names: string[] = [];
  for await (const elements of arrayElements(file, new Set(['categories']))) {
    for (const { value, line } of elements) names.push(category(file, value, line).name);
  }
  return names;
}

/**
 * The images of a COCO file with their annotations, in the order of `images`. Names and boxes of the whole file are held
 * in memory, polygons and masks are not. Throws `SOURCE_UNREADABLE` with the line for records that lack what they must
 * have and for references to images or categories that the file does not list.
 */
export async function readCoco(file: string): Promise<CocoImage[]> {
  const images = new Map<unknown, CocoImage>();
  const annotations = new Map<unknown, Annotation[]>();
  const categories = new Map<unknown, string>();
  for await (const elements of arrayElements(file, ALL)) {
    for (const { key, value, line } of elements) {
      if (key === 'categories') {
        const { id, name } = category(file, value, line);
        categories.set(id, name);
      } else if (key === 'images') {
        const { id, image } = imageRecord(file, value, line);
        if (images.has(id)) throw unreadable(file, line, `the image id ${String(id)} occurs twice.`);
        images.set(id, image);
      } else {
        const found = annotation(file, value, line);
        const others = annotations.get(found.image);
        if (others) others.push(found);
        else annotations.set(found.image, [found]);
      }
    }
  }
  for (const [id, found] of annotations) {
    const image = images.get(id);
    if (!image)
      throw unreadable(file, found[0]!.line, `no image has the id ${String(id)} that the annotation names.`);
    annotate(file, image, found, categories);
  }
  return [...images.values()];
}

function annotate(
  file: string,
  image: CocoImage,
  found: Annotation[],
  categories: Map<unknown, string>,
): void {
  const whole = new Set<string>();
  for (const { category: id, values, line } of found) {
    const label = categories.get(id);
    if (label === undefined)
      throw unreadable(file, line, `no category has the id ${String(id)} that is named here.`);
    if (values) image.boxes.push({ label, format: 'xywh-pixel', values });
    else whole.add(label);
  }
  if (whole.size === 0) image.label = labelOfBoxes(image.boxes);
  else if (whole.size === 1) image.label = [...whole][0]!;
}

function record(file: string, value: unknown, line: number): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw unreadable(file, line, 'an object was expected here.');
}

function imageRecord(file: string, value: unknown, line: number): { id: unknown; image: CocoImage } {
  const columns = record(file, value, line);
  const { id, file_name: fileName } = columns;
  if (id === undefined || typeof fileName !== 'string' || fileName === '') {
    throw unreadable(file, line, 'an image without `id` or `file_name`.');
  }
  return { id, image: { fileName: fileName.toWellFormed(), columns, line, boxes: [], label: null } };
}

function category(file: string, value: unknown, line: number): { id: unknown; name: string } {
  const { id, name } = record(file, value, line);
  if (id === undefined || typeof name !== 'string')
    throw unreadable(file, line, 'a category without `id` or `name`.');
  return { id, name: name.toWellFormed() };
}

function annotation(file: string, value: unknown, line: number): Annotation & { image: unknown } {
  const { image_id: image, category_id: id, bbox } = record(file, value, line);
  if (image === undefined || id === undefined) {
    throw unreadable(file, line, 'an annotation without `image_id` or `category_id`.');
  }
  const none = bbox === undefined || bbox === null || (Array.isArray(bbox) && bbox.length === 0);
  const values = none ? null : boxValues(bbox);
  if (!none && !values)
    throw unreadable(file, line, '`bbox` must be four numbers: left, top, width, height.');
  return { image, category: id, values, line };
}

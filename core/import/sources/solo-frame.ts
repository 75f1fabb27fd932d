import { join, posix } from 'node:path';
import type { SourceEntry } from './define.ts';
import type { MapFile } from './label-maps.ts';
import { manifestPath } from './manifest-row.ts';
import { contents } from './source-files.ts';
import { folderOf } from './stem-images.ts';
import { isRecord } from './untrusted.ts';

export type Json = Record<string, unknown>;

/** The names of the files of frames. */
export const FRAME = /\.frame_data\.json$/i;

/** One picture of a camera, and what its frame says of it. */
export interface Capture {
  /** The frame's file, below the root. */
  frame: string;
  image: string;
  stated: SourceEntry['stated'];
  boxes: Json[];
  keypoints: Json[];
  /** The legend of the instance map and of the class map, where they are read: the same order as `maps`. */
  legends: { kind: 'instances' | 'classes'; of: Json[] }[];
  maps: MapFile[];
  left: string[];
  /** Whether somebody looked for objects. */
  looked: boolean;
}

/** Yields the files of frames below a folder, by sequence and step. */
export async function* frameFiles(root: string, prefix = ''): AsyncGenerator<string> {
  const items = (await contents(join(root, prefix))).toSorted((a, b) => IN_ORDER.compare(a.name, b.name));
  for (const { name, kind } of items)
    if (kind === 'folder') yield* frameFiles(root, `${prefix}${name}/`);
    else if (kind === 'file' && FRAME.test(name)) yield prefix + name;
}

/** Steps and sequences are numbered without zeros in front. */
const IN_ORDER = new Intl.Collator('en', { numeric: true });

/** The objects in a list; empty where it is none. */
export function records(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** The end of a type such as `type.unity.com/unity.solo.BoundingBox2DAnnotation`. */
function kindOf(record: Json): string {
  const type = record['@type'] ?? record['type'];
  return typeof type === 'string' ? type.slice(type.lastIndexOf('.') + 1) : '';
}

/** Two finite numbers; null where a value is something else. */
export function pair(value: unknown): [number, number] | null {
  return Array.isArray(value) && value.length >= 2 && Number.isFinite(value[0]) && Number.isFinite(value[1])
    ? [value[0] as number, value[1] as number]
    : null;
}

/** A capture of a frame, whose file is given below the root; null where it names no picture. */
export function captureOf(frame: string, capture: Json): Capture | null {
  const { filename, dimension } = capture;
  if (typeof filename !== 'string' || filename === '') return null;
  const place = (name: string): string =>
    manifestPath(posix.join(folderOf(frame), name.replaceAll('\\', '/')));
  const size = pair(dimension);
  const found: Capture = {
    frame,
    image: place(filename),
    stated: size && size[0] > 0 && size[1] > 0 ? { width: size[0], height: size[1] } : null,
    boxes: [],
    keypoints: [],
    legends: [],
    maps: [],
    left: [],
    looked: false,
  };
  for (const annotation of records(capture['annotations'])) {
    const kind = kindOf(annotation);
    const map = typeof annotation['filename'] === 'string' ? place(annotation['filename']) : null;
    if (/^BoundingBox(?:2D)?Annotation$/.test(kind)) found.boxes.push(...records(annotation['values']));
    else if (kind === 'KeypointAnnotation') found.keypoints.push(...records(annotation['values']));
    else if (kind === 'InstanceSegmentationAnnotation' && map !== null) {
      found.legends.push({ kind: 'instances', of: records(annotation['instances']) });
      found.maps.push({ path: map, reads: 'colour' });
    } else if (kind === 'SemanticSegmentationAnnotation' && map !== null) {
      found.legends.push({ kind: 'classes', of: records(annotation['instances']) });
      found.maps.push({ path: map, reads: 'colour' });
    } else {
      found.left.push(kind || 'annotation without a type');
      continue;
    }
    found.looked = true;
  }
  // An instance map says the same as a class map, and more.
  if (found.legends.some(({ kind }) => kind === 'instances')) {
    const places = found.legends.flatMap(({ kind }, i) => (kind === 'instances' ? [i] : []));
    for (const [i, { kind }] of found.legends.entries())
      if (kind === 'classes') found.left.push(found.maps[i]!.path);
    [found.legends, found.maps] = [places.map((i) => found.legends[i]!), places.map((i) => found.maps[i]!)];
  }
  return found;
}

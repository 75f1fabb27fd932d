import { boxValues, type Box } from '../../base/boxes.ts';
import { ringBox, type Detail } from '../../base/detail.ts';
import { ImageBoxes } from './image-boxes.ts';
import { textLines } from './text-lines.ts';
import type { Reading } from './reading.ts';
import type { YoloData } from './yolo-data.ts';

/** Ultralytics takes coordinates up to this far outside of the image for rounding. */
const TOLERANCE = 0.01;

interface LineRules {
  /** Class name by index. */
  names: ReadonlyMap<number, string>;
  /** How many keypoints follow each box, of how many numbers each; null where the dataset has none. */
  keypoints: YoloData['keypoints'];
}

/**
 * Reads a label file: a class and four numbers (centre and size as fractions of the image), or a class and a polygon, which
 * gets the box around it. Keypoints, a confidence or a track id may follow a box. A line that means none of these is
 * skipped.
 */
export async function readLines(file: string, rules: LineRules, reading: Reading): Promise<ImageBoxes> {
  const boxes = new ImageBoxes(reading, file);
  for await (const { line, text } of textLines(file, reading)) {
    const parts = text.trim().split(/\s+/);
    if (parts[0] === '') continue;
    const read = meaningOf(parts, rules);
    if (typeof read === 'string') boxes.skip(line, read);
    else boxes.add(read);
  }
  return boxes;
}

/** What a line means, or in a sentence why it means nothing. */
function meaningOf(parts: string[], { names, keypoints }: LineRules): Box | string {
  const index = Number(parts[0]);
  if (!Number.isInteger(index) || index < 0) return `the class must be a whole number, not ${parts[0]}.`;
  const label = names.get(index);
  if (label === undefined) return `the dataset names no class ${index}.`;
  const numbers = parts.slice(1).map(Number);
  const broken = parts.slice(1).find((_, i) => !Number.isFinite(numbers[i]));
  if (broken !== undefined) return `${broken} is no number.`;
  const shape = shapeOf(numbers, keypoints);
  if (typeof shape === 'string') return shape;
  const { coordinates, detail } = shape;
  const beyond = coordinates.find((value) => value < -TOLERANCE || value > 1 + TOLERANCE);
  if (beyond !== undefined)
    return `${beyond} is not between 0 and 1: positions and sizes are fractions of the image.`;
  const values = boxValues(detail?.polygons ? enclosing(coordinates) : coordinates);
  if (!values || values[2] < 0 || values[3] < 0) return 'the box has a negative size.';
  return { label, format: 'cxcywh-relative', values, ...(detail && { detail }) };
}

/** What the numbers behind the class are, told from how many there are. */
function shapeOf(numbers: number[], keypoints: YoloData['keypoints']): Shape | string {
  const count = numbers.length;
  const coordinates = numbers.slice(0, 4);
  if (count === 4) return { coordinates };
  if (keypoints !== null) {
    const all = 4 + keypoints.count * keypoints.numbers;
    if (count === all)
      return { coordinates, detail: { keypoints: inGroups(numbers.slice(4), keypoints.numbers) } };
    return `expected ${all} numbers behind the class, as \`kpt_shape\` says, not ${count}.`;
  }
  const last = numbers.at(-1)!;
  const isTrack = Number.isInteger(last) && last > 1;
  if (count === 5 && last >= 0 && (last <= 1 || isTrack))
    return { coordinates, detail: { columns: isTrack ? { track_id: last } : { score: last } } };
  // Three points of a polygon have the same length, but no coordinate beyond 1.
  if (count === 6 && isTrack)
    return { coordinates, detail: { columns: { score: numbers[4]!, track_id: last } } };
  if (count >= 6 && count % 2 === 0) return { coordinates: numbers, detail: { polygons: [numbers] } };
  if (count > 6)
    return `${count} numbers behind the class are neither a box nor a polygon; keypoints need \`kpt_shape\` in data.yaml.`;
  return 'expected a class and four numbers, or a polygon of at least three points.';
}

interface Shape {
  /** Those that must be fractions. */
  coordinates: number[];
  detail?: Detail;
}

function inGroups(numbers: readonly number[], size: number): NonNullable<Detail['keypoints']> {
  return Array.from(
    { length: numbers.length / size },
    (_, i) => numbers.slice(size * i, size * (i + 1)) as [number, number, number],
  );
}

/** The box around a polygon, as centre and size. */
function enclosing(ring: number[]): Box['values'] {
  const [left, top, width, height] = ringBox(ring);
  return [left + width / 2, top + height / 2, width, height];
}

import { boxValues, type Box } from '../../base/boxes.ts';
import { ImageBoxes } from './image-boxes.ts';
import { textLines } from './text-lines.ts';
import type { Reading } from './reading.ts';

/** Ultralytics takes coordinates up to this far outside of the image for rounding. */
const TOLERANCE = 0.01;

interface LineRules {
  /** Class name by index. */
  names: ReadonlyMap<number, string>;
  /** How many numbers of keypoints follow each box, from `kpt_shape`; null where the dataset has none. */
  keypoints: number | null;
}

/**
 * Reads a label file: a class and four numbers (centre and size as fractions of the image), or a class and a polygon,
 * which becomes its bounding box. Keypoints, confidences and track ids behind a box are counted as left behind. A line
 * that means none of these is skipped.
 */
export async function readLines(file: string, rules: LineRules, reading: Reading): Promise<ImageBoxes> {
  const boxes = new ImageBoxes(reading, file);
  for await (const { line, text } of textLines(file, reading)) {
    const parts = text.trim().split(/\s+/);
    if (parts[0] === '') continue;
    const read = meaningOf(parts, rules);
    if (typeof read === 'string') {
      boxes.skip(line, read);
      continue;
    }
    boxes.add(read.box);
    for (const kind of read.left) reading.leave(kind, '', 1, file);
  }
  return boxes;
}

type Left = 'polygon' | 'keypoints' | 'score' | 'track';

/** What a line means, or in a sentence why it means nothing. */
function meaningOf(parts: string[], { names, keypoints }: LineRules): { box: Box; left: Left[] } | string {
  const index = Number(parts[0]);
  if (!Number.isInteger(index) || index < 0) return `the class must be a whole number, not ${parts[0]}.`;
  const label = names.get(index);
  if (label === undefined) return `the dataset names no class ${index}.`;
  const numbers = parts.slice(1).map(Number);
  const broken = parts.slice(1).find((_, i) => !Number.isFinite(numbers[i]));
  if (broken !== undefined) return `${broken} is no number.`;
  const shape = shapeOf(numbers, keypoints);
  if (typeof shape === 'string') return shape;
  const beyond = shape.coordinates.find((value) => value < -TOLERANCE || value > 1 + TOLERANCE);
  if (beyond !== undefined)
    return `${beyond} is not between 0 and 1: positions and sizes are fractions of the image.`;
  const values = boxValues(shape.left.includes('polygon') ? enclosing(numbers) : numbers.slice(0, 4));
  if (!values || values[2] < 0 || values[3] < 0) return 'the box has a negative size.';
  return { box: { label, format: 'cxcywh-relative', values }, left: shape.left };
}

/** What the numbers behind the class are, told from how many there are. */
function shapeOf(numbers: number[], keypoints: number | null): Shape | string {
  const count = numbers.length;
  if (count === 4) return { coordinates: numbers, left: [] };
  if (keypoints !== null) {
    if (count === 4 + keypoints) return { coordinates: numbers.slice(0, 4), left: ['keypoints'] };
    return `expected ${4 + keypoints} numbers behind the class, as \`kpt_shape\` says, not ${count}.`;
  }
  const last = numbers.at(-1)!;
  const isTrack = Number.isInteger(last) && last > 1;
  if (count === 5 && last >= 0 && (last <= 1 || isTrack))
    return { coordinates: numbers.slice(0, 4), left: [isTrack ? 'track' : 'score'] };
  // Three points of a polygon have the same length, but no coordinate beyond 1.
  if (count === 6 && isTrack) return { coordinates: numbers.slice(0, 4), left: ['score', 'track'] };
  if (count >= 6 && count % 2 === 0) return { coordinates: numbers, left: ['polygon'] };
  if (count > 6)
    return `${count} numbers behind the class are neither a box nor a polygon; keypoints need \`kpt_shape\` in data.yaml.`;
  return 'expected a class and four numbers, or a polygon of at least three points.';
}

interface Shape {
  /** Those that must be fractions. */
  coordinates: number[];
  left: Left[];
}

/** The box around a polygon, as centre and size. */
function enclosing(numbers: number[]): number[] {
  const [xs, ys] = [numbers.filter((_, i) => i % 2 === 0), numbers.filter((_, i) => i % 2 === 1)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top];
}

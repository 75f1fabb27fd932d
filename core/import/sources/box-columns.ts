import { boxValues, type Box } from '../../base/boxes.ts';
import { plainName } from './manifest-columns.ts';

type Four = Box['values'];
/** What the four numbers of a row mean; `unnamed` where the names leave it open. */
export type BoxForm = 'corners' | 'size' | 'centre' | 'x, y, w, h' | 'unnamed';

/** The columns that hold the box of a row. */
export interface BoxColumns {
  form: BoxForm;
  /** Four columns, or one with a list. */
  names: string[];
}

/** Names without a prefix such as `bbox_`. Two corners, or a corner or the centre with the size. */
const FORMS: readonly (readonly [BoxForm, string])[] = [
  ['corners', 'xmin ymin xmax ymax'],
  ['corners', 'x_min y_min x_max y_max'],
  ['corners', 'min_x min_y max_x max_y'],
  ['corners', 'x1 y1 x2 y2'],
  ['corners', 'x_1 y_1 x_2 y_2'],
  ['corners', 'x0 y0 x1 y1'],
  ['corners', 'left top right bottom'],
  ['corners', 'xtl ytl xbr ybr'],
  ...['w h', 'width height', 'box_width box_height', 'bbox_width bbox_height', 'box_w box_h'].flatMap(
    (size) =>
      [
        ['size', `xmin ymin ${size}`],
        ['size', `x_min y_min ${size}`],
        ['size', `left top ${size}`],
        ['centre', `x_center y_center ${size}`],
        ['centre', `x_centre y_centre ${size}`],
        ['centre', `xcenter ycenter ${size}`],
        ['centre', `center_x center_y ${size}`],
        ['centre', `xc yc ${size}`],
        ['centre', `cx cy ${size}`],
        ['x, y, w, h', `x y ${size}`],
      ] as const,
  ),
];
const PREFIXES = ['', 'bbox_', 'box_', 'bb_'];
const LISTS = new Map<string, BoxForm>([
  ['bbox_xyxy', 'corners'],
  ['bbox_xywh', 'size'],
  ['bbox_cxcywh', 'centre'],
  ['bbox', 'unnamed'],
  ['box', 'unnamed'],
  ['bounding_box', 'unnamed'],
]);

/** Finds the columns with the box of a row; null where there are none, or where a row has more than two corners. */
export function boxColumnsOf(names: readonly string[]): BoxColumns | null {
  const byPlain = new Map(names.map((name) => [plainName(name), name]));
  if (['x3', 'x_3'].some((third) => byPlain.has(third))) return null;
  for (const prefix of PREFIXES)
    for (const [form, wanted] of FORMS) {
      const found = wanted.split(' ').map((name) => byPlain.get(prefix + name));
      if (found.every((name) => name !== undefined)) return { form, names: found };
    }
  for (const [name, form] of LISTS) {
    const found = byPlain.get(name);
    if (found !== undefined) return { form, names: [found] };
  }
  return null;
}

/** The size that columns state for the image; null if they state none or are the box's own. */
export function statedSize(
  values: Record<string, unknown>,
  box: BoxColumns,
): { width: number; height: number } | null {
  const of = (side: string): number => {
    const name = Object.keys(values).find(
      (one) => !box.names.includes(one) && SIZE_NAMES.has(`${plainName(one)} ${side}`),
    );
    const value = name === undefined ? null : values[name];
    return typeof value === 'string' || typeof value === 'number' ? Number(value) : 0;
  };
  const [width, height] = [of('width'), of('height')];
  return width > 0 && height > 0 && Number.isFinite(width + height) ? { width, height } : null;
}

const SIZE_NAMES = new Set(
  ['width', 'height'].flatMap((side) => ['', 'image_', 'img_'].map((prefix) => `${prefix}${side} ${side}`)),
);

/**
 * The four numbers of a row's box: null where its cells are empty, `faulty` where they are no box. `decimalComma`: a
 * comma in a number is a decimal point.
 */
export function rowBox(
  values: Record<string, unknown>,
  { names }: BoxColumns,
  decimalComma: boolean,
): Four | null | 'faulty' {
  const cells = names.length === 1 ? listOf(values[names[0]!]) : names.map((name) => values[name]);
  if (cells === null || cells.every(isNone)) return null;
  const numbers = cells.map((cell) => numberOf(cell, decimalComma));
  return boxValues(numbers) ?? 'faulty';
}

function isNone(cell: unknown): boolean {
  return (
    cell === null || cell === undefined || cell === '' || (typeof cell === 'string' && /^nan$/i.test(cell))
  );
}

function numberOf(cell: unknown, decimalComma: boolean): number | null {
  if (typeof cell === 'number') return cell;
  if (typeof cell !== 'string' || cell.trim() === '') return null;
  const text = decimalComma ? cell.replace(',', '.') : cell;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

/** The members of a list, written as JSON or as text with or without brackets; null where there is none. */
function listOf(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value !== 'string') return value === null || value === undefined ? null : [value];
  const inner = value
    .trim()
    .replace(/^[[(]|[\])]$/g, '')
    .trim();
  return inner === '' ? null : inner.split(/\s*[,;]\s*|\s+/);
}

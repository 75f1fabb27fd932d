import type { Seen } from './glance.ts';

const TEXT = new Set(['.json', '.jsonl', '.ndjson', '.xml', '.csv', '.tsv', '.txt']);
/** Files beside images that describe a program or the dataset as a whole. */
const NOT_DATA =
  /(?:^|\/)(?:assay-manifest|class-folders|croissant|package(?:-lock)?|tsconfig|dataset_infos?|model_index|licen[cs]e|copying|notice|readme|requirements|changelog|citation|robots)[^/]*$/i;

/** Keys of JSON objects and elements of XML that only annotations have. */
const SHAPES =
  /"(?:bbox|bboxes|bndbox|boxes|bounding_?box(?:es)?|boundingRect|polygons?|polylines?|shapes|points|segmentations?|keypoints|landmarks|annotations?|x_?min|xtl|rect)"\s*:\s*[[{\d"-]|<(?:annotations?|object|objects|bndbox|box|polygon|points|bounding_?box|rectangle)[\s>]/i;
const CLASSES = /"(?:labels?|categor(?:y|ies)|class(?:es|_?name|_?id)?|tags?)"\s*:/i;
const IMAGE_NAME = /[\w)-]\.(?:jpe?g|png|webp|bmp|tiff?|gif|avif|dcm)\b/i;
/** Settings of image generators: a record of how a picture was made. */
const GENERATOR =
  /"(?:prompt|negative_prompt|sampler(?:_name)?|cfg_?scale|steps|seed|workflow|class_type)"\s*:/i;
const BOX_COLUMNS = /\b(?:x_?min|xmax|x1|bbox|x_?center|left)\b/i;
const CLASS_COLUMNS =
  /\b(?:label|class|category|target|species|breed|diagnosis|dx|disease|choice|type|grade|level|severity)\b/i;

/** Whether a file is one of text that could be annotations. */
export function isTextName({ path, extension }: Seen): boolean {
  return TEXT.has(extension) && !NOT_DATA.test(path);
}

/** Whether the beginning of a file looks like annotations, as against captions, settings and the like. */
export function looksAnnotated(extension: string, text: string): boolean {
  if (text.trim() === '') return false;
  if (extension === '.txt') return isTable(text);
  if (extension === '.csv' || extension === '.tsv') return isTable(text) || isListing(text);
  if (extension === '.xml') return SHAPES.test(text);
  if (SHAPES.test(text)) return true;
  return CLASSES.test(text) && IMAGE_NAME.test(text) && !GENERATOR.test(text);
}

/** Lines of numbers, with at most a word or a file name among them: labels, boxes or classes of images. */
function isTable(text: string): boolean {
  const lines = text
    .split(/\r?\n/)
    .slice(0, 50)
    .filter((line) => line.trim() !== '');
  const rows = lines.slice(0, lines.length > 3 ? -1 : undefined).map((line) => line.trim().split(/[\s,;]+/));
  const isRow = (cells: string[]): boolean => {
    const numbers = cells.filter((cell) => /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(cell)).length;
    if (IMAGE_NAME.test(cells[0] ?? '')) return cells.length > 1 && numbers >= cells.length - 2;
    return numbers >= 4 && numbers >= cells.length - 2;
  };
  return rows.length > 0 && rows.filter(isRow).length > rows.length / 2;
}

/** A first column that names images, also without their extension. */
const NAMES_IMAGES =
  /^\W*(?:id|image|img|file|filename|name|path|pic|photo|picture|scan|slide|sample)(?:_?(?:id|name|path|file|code|no|number))?\W/i;

/** A table with a column of boxes, or of classes beside names of images. */
function isListing(text: string): boolean {
  const [header = '', first = ''] = text.split(/\r?\n/, 2);
  if (BOX_COLUMNS.test(header)) return true;
  return CLASS_COLUMNS.test(header) && (IMAGE_NAME.test(first) || NAMES_IMAGES.test(header));
}

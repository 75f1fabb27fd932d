import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { isRecord, parsedOrNull } from './untrusted.ts';

/** The names of a column's numbers, by the column's name, as Hugging Face's `ClassLabel` declares them. */
export type ClassNames = ReadonlyMap<string, readonly string[]>;

const MAX_BYTES = 4 * 1024 * 1024;

/**
 * The name of a class: a number stands for the declared name, -1 for none (null). Texts stay as they are, and so do
 * numbers of columns for which nothing is declared. Undefined where a number has no name.
 */
export function className(
  names: ClassNames,
  column: string | undefined,
  label: string,
): string | null | undefined {
  const declared = column === undefined ? undefined : names.get(column);
  if (!declared || declared.includes(label) || !/^-?\d+$/.test(label)) return label;
  return label === '-1' ? null : declared[Number(label)];
}

/**
 * Reads the class names that a dataset of Hugging Face declares in the header of its README.md (`dataset_info`) or in
 * dataset_infos.json. Columns that are declared in two ways are left out.
 */
export async function declaredClassNames(folder: string): Promise<ClassNames> {
  const found = new Collected();
  const header = /^\uFEFF?---\r?\n(.*?)\r?\n---/s.exec(await textOf(join(folder, 'README.md')))?.[1];
  if (header !== undefined) {
    const card = yamlOrNull(header);
    const info = isRecord(card) ? card['dataset_info'] : null;
    for (const one of Array.isArray(info) ? (info as unknown[]) : [info])
      if (isRecord(one)) ofCard(one['features'], found.add);
  }
  const infos = parsedOrNull(await textOf(join(folder, 'dataset_infos.json')));
  for (const info of isRecord(infos) ? Object.values(infos) : [])
    if (isRecord(info)) ofInfos(info['features'], found.add);
  return found.names();
}

/** The class names in the text that `datasets` puts into Parquet files: {info: {features}}. */
export function featureNames(text: string): ClassNames {
  const found = new Collected();
  const schema = parsedOrNull(text);
  const info = isRecord(schema) ? schema['info'] : null;
  if (isRecord(info)) ofInfos(info['features'], found.add);
  return found.names();
}

/** Names by column, without the columns that are declared in two ways. */
class Collected {
  readonly #found = new Map<string, readonly string[]>();
  readonly #twofold = new Set<string>();

  readonly add: Add = (column, names) => {
    const before = this.#found.get(column);
    if (before && before.join('\n') !== names.join('\n')) this.#twofold.add(column);
    this.#found.set(column, names);
  };

  names(): ClassNames {
    return new Map([...this.#found].filter(([column]) => !this.#twofold.has(column)));
  }
}

type Add = (column: string, names: readonly string[]) => void;

/** Features of a README.md: a list of {name, dtype: {class_label: {names: {0: …}}}}, nested below struct, list, sequence. */
function ofCard(features: unknown, add: Add): void {
  for (const feature of Array.isArray(features) ? (features as unknown[]) : []) {
    if (!isRecord(feature)) continue;
    const { name } = feature;
    if (typeof name !== 'string') continue;
    for (const key of ['dtype', 'struct', 'list', 'sequence']) {
      const inner = feature[key];
      const label = isRecord(inner) ? inner['class_label'] : null;
      const names = isRecord(label) ? listOf(label['names']) : null;
      if (names) add(name, names);
      else if (isRecord(inner)) ofCard([{ name, ...inner }], add);
      else ofCard(inner, add);
    }
  }
}

/** Features of dataset_infos.json: {column: {names: […], _type: "ClassLabel"}}, nested below `feature`. */
function ofInfos(features: unknown, add: Add): void {
  for (const [name, feature] of isRecord(features) ? Object.entries(features) : []) {
    if (!isRecord(feature)) continue;
    const names = feature['_type'] === 'ClassLabel' ? listOf(feature['names']) : null;
    if (names) add(name, names);
    else if (isRecord(feature['feature']))
      ofInfos({ [name]: feature['feature'], ...feature['feature'] }, add);
    else ofInfos(feature, add);
  }
}

/** Names as a list, or as a map from their numbers. */
function listOf(names: unknown): string[] | null {
  if (Array.isArray(names)) return names.map(String);
  if (!isRecord(names)) return null;
  const list: string[] = [];
  for (const [number, name] of Object.entries(names)) list[Number(number)] = String(name);
  return list;
}

async function textOf(file: string): Promise<string> {
  try {
    return (await stat(file)).size > MAX_BYTES ? '' : await readFile(file, 'utf8');
  } catch {
    return '';
  }
}

/** A card that is broken declares nothing: it describes the dataset, and is not needed to read it. */
function yamlOrNull(text: string): unknown {
  try {
    const document = parseDocument(text, { schema: 'failsafe' });
    return document.errors.length === 0 ? document.toJS({ maxAliasCount: 100 }) : null;
  } catch {
    return null;
  }
}

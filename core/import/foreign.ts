import { join } from 'node:path';
import { FOREIGN_FORMATS, type ForeignFormat } from './foreign-formats.ts';
import type { Glance, Seen } from './glance.ts';
import { looksAnnotated, isTextName } from './looks-annotated.ts';
import { head } from './sources/text-encoding.ts';
import { tableRemedy } from './foreign-tables.ts';

/** Files of one folder and extension whose text is looked at, and how many such groups there are at most. */
const READ_OF_GROUP = 2;
const MOST_GROUPS = 60;
const NAMED = 3;

/** Files of one folder with one extension: what is true of some is taken to be true of all. */
interface Group {
  files: Seen[];
  texts: string[];
}

/**
 * Looks for annotations that no source reads: in a folder that has them, folder names must not be taken for classes.
 * Returns null where there are none, else the files in question and what would read them, in sentences. Looks at a limited
 * number of files.
 */
export async function foreignLayout(seen: Glance): Promise<string | null> {
  const groups = await grouped(seen);
  for (const format of FOREIGN_FORMATS) {
    const pictures = format.text ? [] : seen.images.filter(({ path }) => format.path!.test(path));
    const files = [...groups.flatMap((group) => filesOf(format, group)), ...pictures];
    if (files.length > 0) return refusal(seen, format.name, files, format.remedy);
  }
  const stems = new Set(seen.images.map(({ stem }) => stem));
  const files = groups.flatMap((group) => {
    const { extension } = group.files[0]!;
    return group.texts.some((text) => looksAnnotated(extension, text)) ? group.files : [];
  });
  if (files.length === 0) return null;
  const beside = files.filter(({ stem }) => stems.has(stem)).length;
  const what = beside > 0 ? 'annotations, one file for each image' : 'annotations';
  return refusal(seen, what, files, await remedyOf(seen, files));
}

async function grouped({ root, files }: Glance): Promise<Group[]> {
  const groups = new Map<string, Group>();
  for (const file of files) {
    const key = `${file.folder}\n${file.extension}`;
    const group = groups.get(key);
    if (group) group.files.push(file);
    else groups.set(key, { files: [file], texts: [] });
  }
  const readable = [...groups.values()].filter(({ files: [first] }) => isTextName(first!));
  for (const group of readable.slice(0, MOST_GROUPS)) {
    const few = group.files.length <= 4 * READ_OF_GROUP;
    for (const { path } of group.files.slice(0, few ? 4 * READ_OF_GROUP : READ_OF_GROUP))
      group.texts.push(await head(join(root, path)));
  }
  return [...groups.values()];
}

/** The files of a group that are of a format. */
function filesOf({ path, text }: ForeignFormat, group: Group): Seen[] {
  const named = path ? group.files.filter((file) => path.test(file.path)) : group.files;
  if (!text || named.length === 0) return named;
  return group.texts.some((one) => text.test(one)) ? named : [];
}

async function remedyOf({ root }: Glance, files: Seen[]): Promise<string> {
  const extensions = new Set(files.map(({ extension }) => extension));
  if (extensions.has('.txt'))
    return 'If they are YOLO labels, add a data.yaml or a classes.txt with the names of the classes; otherwise convert them to COCO or CSV.';
  const tables = files.filter(({ extension }) => extension === '.csv' || extension === '.tsv');
  if (tables.length > 0) return tableRemedy(root, tables);
  return 'Convert them to COCO, YOLO, Pascal VOC or CSV, for instance with Datumaro or FiftyOne.';
}

function refusal({ root, more, images }: Glance, what: string, files: Seen[], remedy: string): string {
  const names = files.slice(0, NAMED).map(({ path }) => path);
  const rest = files.length - names.length;
  const others = rest > 0 ? ` and ${more ? 'at least ' : ''}${rest} more` : '';
  const without =
    images.length > 0
      ? ' To leave them out, choose Folder of images (--source flat-folder) for images without labels, or Class folders (--source class-folders) if the names of the folders are the classes.'
      : '';
  return `${root} holds files that look like ${what}, which Assay does not read: ${names.join(', ')}${others}. ${remedy}${without}`;
}

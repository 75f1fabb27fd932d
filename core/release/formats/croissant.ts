import { SETTLED_WORDS } from '../../../rpc/contract/terms.ts';
import { type Part, partOf } from '../../base/splits.ts';
import { CONTEXT } from './croissant-context.ts';
import { provenance, responsible } from './croissant-rai.ts';
import { defineExport, type ExportJob } from './define.ts';
import { copyImages, FACTS, imagePath, itemsWhere, type Survey, survey } from './items.ts';
import { DetailCounter } from './outlines.ts';
import type { OutputFile } from './output.ts';
import { fileNameColumns, tableFile } from './typed-table.ts';

/** Beside the images, so that the folder is a Hugging Face imagefolder as well. */
const TABLE = 'images/metadata.parquet';
const TABLE_ID = 'metadata.parquet';

/** The files of the dataset. The table carries the hash of every image, so that its own hash covers them all. */
function distribution(table: OutputFile): object[] {
  return [
    {
      '@type': 'cr:FileObject',
      '@id': TABLE_ID,
      name: TABLE_ID,
      description: 'One row per image: its file name, its sha256, and every fact.',
      contentUrl: TABLE,
      contentSize: `${table.bytes} B`,
      // Texts stay texts in Parquet: readers of JSON Lines make numbers of labels and seeds that look like one.
      encodingFormat: 'application/x-parquet',
      sha256: table.sha256,
    },
    {
      '@type': 'cr:FileSet',
      '@id': 'image-files',
      name: 'image-files',
      description: 'The images, each under the sha256 of its original.',
      encodingFormat: ['image/jpeg', 'image/png', 'image/webp'],
      includes: ['images/*.jpg', 'images/*.png', 'images/*.webp'],
    },
  ];
}

const SPLIT_URLS: Record<Part, string> = {
  train: 'cr:TrainingSplit',
  val: 'cr:ValidationSplit',
  test: 'cr:TestSplit',
};

function urlOf(split: string): string | null {
  const part = partOf(split);
  return part === undefined ? null : SPLIT_URLS[part];
}

function field(id: string, dataType: string | string[], more: object): object {
  return { '@type': 'cr:Field', '@id': id, name: id.slice(id.lastIndexOf('/') + 1), dataType, ...more };
}

const fromTable = (column: string): object => ({ fileObject: { '@id': TABLE_ID }, extract: { column } });

const fromFile = (fileProperty: string): object => ({
  fileSet: { '@id': 'image-files' },
  extract: { fileProperty },
});

const referring = (id: string): object => ({ references: { field: { '@id': id } } });

function enumeration(id: string, dataType: string, fields: object[], data: object[]): object {
  return {
    '@type': 'cr:RecordSet',
    '@id': id,
    name: id,
    dataType,
    key: { '@id': `${id}/name` },
    field: fields,
    data,
  };
}

/** Splits by name, with Croissant's own term for the usual three. */
function splitSet(splits: string[]): object {
  return enumeration(
    'splits',
    'cr:Split',
    [field('splits/name', 'sc:Text', {}), field('splits/url', 'sc:URL', {})],
    splits.map((split) => ({
      'splits/name': split,
      'splits/url': urlOf(split),
    })),
  );
}

function classSet(classes: string[]): object {
  const data = classes.map((name) => ({ 'classes/name': name }));
  return enumeration('classes', 'sc:Enumeration', [field('classes/name', 'sc:Text', {})], data);
}

const DESCRIPTIONS: Record<string, string> = {
  settled: Object.entries(SETTLED_WORDS)
    .map(([id, { meaning }]) => `${id}: ${meaning}`)
    .join(' '),
  grid: 'How many images were on the screen when that was decided; empty for one alone.',
  judgements: 'JSON: everything that people said of the image, oldest first.',
  label_distribution:
    'JSON: each label that people gave the image, with how many of them and their share; rejects count, and one person counts once.',
  annotators: 'How many people the distribution of labels is from; 0 where nobody looked at the image.',
  tags: 'JSON: free words that people put on the image.',
  given_split: 'The split that the image came with; hold-out images have one of their own.',
  origin: 'given: not reviewed; accepted: confirmed; relabelled: changed.',
  role: 'real, holdout or synthetic.',
};

/** One record per image: its content, joined with its row by file name. */
function imageSet({ classes, hasBoxes }: Survey, splits: string[]): object {
  const special: Record<string, object> = {
    label: field('images/label', ['sc:Text', 'cr:Label'], {
      source: fromTable('label'),
      ...(classes.length > 0 && referring('classes/name')),
      // Who decided on it: the reviewer's id, which may be a pseudonym.
      annotation: field('images/label/annotator', 'prov:Person', {
        description: 'The reviewer who decided on the label; empty if the label came with the image.',
        equivalentProperty: 'prov:wasAttributedTo',
        source: fromTable('reviewer'),
      }),
    }),
    split: field('images/split', 'sc:Text', {
      source: fromTable('split'),
      ...(splits.length > 0 && referring('splits/name')),
    }),
    decided_at: field('images/decided_at', 'sc:DateTime', { source: fromTable('decided_at') }),
  };
  const facts = Object.entries(FACTS).map(
    ([name, { type }]) =>
      special[name] ??
      field(`images/${name}`, type === 'string' ? 'sc:Text' : 'sc:Integer', {
        source: fromTable(name),
        ...(DESCRIPTIONS[name] !== undefined && { description: DESCRIPTIONS[name] }),
      }),
  );
  const objects = (part: string, dataType: string | string[], shape: string): object =>
    field(`images/${part}`, dataType, {
      source: { ...fromTable('objects'), transform: { jsonPath: part } },
      isArray: true,
      arrayShape: shape,
    });
  return {
    '@type': 'cr:RecordSet',
    '@id': 'images',
    name: 'images',
    description: 'One record per image.',
    key: { '@id': 'images/file_name' },
    field: [
      // The join comes first: readers make one, the first that they find.
      field('images/file_name', 'sc:Text', {
        source: fromFile('filename'),
        references: fromTable('file_name'),
      }),
      field('images/image', 'sc:ImageObject', {
        source: fromFile('content'),
        description: 'The original file, byte for byte.',
      }),
      ...facts,
      field('images/sha256', 'sc:Text', {
        source: fromTable('sha256'),
        description: "The hash of the image's bytes.",
      }),
      field('images/original_path', 'sc:Text', { source: fromTable('original_path') }),
      field('images/width', 'sc:Integer', { source: fromTable('width') }),
      field('images/height', 'sc:Integer', { source: fromTable('height') }),
      ...(hasBoxes
        ? [
            objects('bbox', ['sc:Float', 'cr:BoundingBox'], '-1,4'),
            objects('categories', ['sc:Text', 'cr:Label'], '-1'),
          ]
        : []),
    ],
  };
}

function description(job: ExportJob, found: Survey, table: OutputFile): object {
  const { dataset } = job;
  const splits = found.splits.filter((split) => split !== null);
  const year = dataset.createdAt.slice(0, 4);
  return {
    '@context': CONTEXT,
    '@type': 'sc:Dataset',
    conformsTo: ['http://mlcommons.org/croissant/1.1', 'http://mlcommons.org/croissant/RAI/1.0'],
    name: dataset.name,
    description: dataset.description,
    license: dataset.licence,
    // An export has no web page: a name made from its content stands in and never changes.
    url: `urn:sha256:${table.sha256}`,
    creator: { '@type': 'sc:Organization', name: dataset.creator },
    datePublished: dataset.createdAt,
    version: dataset.version,
    citeAs: `${dataset.creator} (${year}). ${dataset.name}, version ${dataset.version}.`,
    isLiveDataset: false,
    ...responsible(job, found),
    ...provenance(job, found),
    distribution: distribution(table),
    recordSet: [
      ...(splits.length > 0 ? [splitSet(splits)] : []),
      ...(found.classes.length > 0 ? [classSet(found.classes)] : []),
      imageSet(found, splits),
    ],
  };
}

export default defineExport({
  id: 'croissant',
  title: 'Croissant 1.1',
  layout:
    'croissant.json (JSON-LD with responsible-AI properties and provenance) over images/<sha256>.<extension> and images/metadata.parquet with every fact.',
  loses: { withBoxes: ['the fractions of YOLO boxes: they are written in pixels'], withoutBoxes: [] },
  counter: () => new DetailCounter(),
  source: 'hf-imagefolder',
  usage: [
    'from mlcroissant import Dataset',
    'dataset = Dataset("croissant.json")',
    'images = list(dataset.records("images"))',
  ],
  async write(job) {
    const found = survey(job);
    await copyImages(job, imagePath);
    const columns = fileNameColumns(found.hasBoxes);
    const items = itemsWhere(job, () => true);
    await job.output.writeBytes(TABLE, tableFile(items, columns, job.dataset.appVersion));
    const table = job.output.files.find(({ path }) => path === TABLE)!;
    await job.output.writeText(
      'croissant.json',
      `${JSON.stringify(description(job, found, table), null, 2)}\n`,
    );
  },
});

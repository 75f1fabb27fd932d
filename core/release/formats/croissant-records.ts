import { EXPORTED_FIELDS, FIELDS, keyOf } from '../../../rpc/contract/fields.ts';
import { MANIFEST } from './jsonl-text.ts';
import type { Survey } from './survey.ts';

const SPLIT_URLS = new Map([
  ['train', 'cr:TrainingSplit'],
  ['training', 'cr:TrainingSplit'],
  ['val', 'cr:ValidationSplit'],
  ['valid', 'cr:ValidationSplit'],
  ['validation', 'cr:ValidationSplit'],
  ['test', 'cr:TestSplit'],
  ['testing', 'cr:TestSplit'],
]);

function field(id: string, dataType: string | string[], more: object): object {
  return { '@type': 'cr:Field', '@id': id, name: id.slice(id.lastIndexOf('/') + 1), dataType, ...more };
}

function column(name: string): object {
  return { source: { fileObject: { '@id': MANIFEST }, extract: { column: name } } };
}

function fromFile(fileProperty: string): object {
  return { source: { fileSet: { '@id': 'image-files' }, extract: { fileProperty } } };
}

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
function splitSet(splits: Survey['splits']): object {
  const named = splits.filter((split) => split !== null);
  return enumeration(
    'splits',
    'cr:Split',
    [field('splits/name', 'sc:Text', {}), field('splits/url', 'cr:Split', {})],
    named.map((split) => {
      const url = SPLIT_URLS.get(split.toLowerCase());
      return { 'splits/name': split, ...(url !== undefined && { 'splits/url': url }) };
    }),
  );
}

function classSet(classes: string[]): object {
  const data = classes.map((name) => ({ 'classes/name': name }));
  return enumeration('classes', 'sc:Enumeration', [field('classes/name', 'sc:Text', {})], data);
}

/** Who gave a label: the reviewer id of the manifest, which is whatever pseudonym the project gives its reviewers. */
function annotator(): object {
  return field('images/label/annotator', 'prov:Person', {
    description:
      'The reviewer who decided on the label; none where it is the label that came with the image.',
    equivalentProperty: 'prov:wasAttributedTo',
    ...column('reviewer'),
  });
}

/** One record per image: its content joined with its line of the manifest by file name. */
export function recordSets({ splits, classes }: Survey): object[] {
  const hasSplits = splits.some((split) => split !== null);
  const table = (name: string, dataType: string | string[], more: object = {}): object =>
    field(`images/${name}`, dataType, { ...column(name), ...more });
  const fields = [
    field('images/image', 'sc:ImageObject', {
      ...fromFile('content'),
      description: 'The original file, byte for byte.',
    }),
    field('images/file_name', 'sc:Text', {
      ...fromFile('filename'),
      references: { '@id': 'labels/file_name' },
    }),
    table('label', ['sc:Text', 'cr:Label'], {
      references: { '@id': 'classes/name' },
      annotation: annotator(),
    }),
    table('split', 'sc:Text', hasSplits ? { references: { '@id': 'splits/name' } } : {}),
    table('sha256', 'sc:Text', { description: "The hash of the image's bytes." }),
    table('origin', 'sc:Text', {
      description: 'given: nobody looked; accepted: confirmed; relabelled: changed.',
    }),
    table('decided_at', 'sc:DateTime'),
    table('role', 'sc:Text', { description: 'real, holdout or synthetic.' }),
    ...EXPORTED_FIELDS.filter((id) => id !== 'split').map((id) =>
      table(keyOf(id), FIELDS[id].kind === 'integer' ? 'sc:Integer' : 'sc:Text'),
    ),
    table('width', 'sc:Integer'),
    table('height', 'sc:Integer'),
  ];
  const labels = {
    '@type': 'cr:RecordSet',
    '@id': 'labels',
    name: 'labels',
    description: 'The manifest, whose file names the images are joined by.',
    key: { '@id': 'labels/file_name' },
    field: [field('labels/file_name', 'sc:Text', column('file_name'))],
  };
  const images = {
    '@type': 'cr:RecordSet',
    '@id': 'images',
    name: 'images',
    description: 'One record per image.',
    key: { '@id': 'images/file_name' },
    field: fields,
  };
  return [...(hasSplits ? [splitSet(splits)] : []), classSet(classes), labels, images];
}

import { EXPORTED_FIELDS, FIELDS, keyOf } from '../../../rpc/contract/fields.ts';
import { defineExport, type ExportJob } from './define.ts';
import { imagePath, copyImages, type Survey, survey } from './items.ts';
import { MANIFEST, jsonlText } from './jsonl.ts';
import type { OutputFile } from './output.ts';

/** The files of the dataset. The manifest carries the hash of every image, so that its own hash covers them all. */
function distribution(manifest: OutputFile): object[] {
  return [
    {
      '@type': 'cr:FileObject',
      '@id': MANIFEST,
      name: MANIFEST,
      description: 'One line per image: its path, its sha256, and every fact.',
      contentUrl: MANIFEST,
      contentSize: `${manifest.bytes} B`,
      encodingFormat: 'application/jsonlines',
      sha256: manifest.sha256,
    },
    {
      '@type': 'cr:FileSet',
      '@id': 'image-files',
      name: 'image-files',
      description: 'The originals, each under the sha256 of its bytes.',
      encodingFormat: ['image/jpeg', 'image/png', 'image/webp'],
      includes: 'images/*',
    },
  ];
}

/** The responsible-AI properties that follow from the release; those that need a person's judgement are left out. */
function responsible({ dataset, count }: ExportJob, { generators }: Survey): object {
  const { given, accepted, relabelled } = dataset.counts;
  const made = generators.length > 0 ? `Generated images, by ${generators.join(', ')}.` : 'Generated images.';
  return {
    'rai:dataAnnotationProtocol':
      'People review the images that scores single out, and confirm or change the label; other images keep the label they came with.',
    'rai:dataAnnotationPlatform': `Assay ${dataset.appVersion}`,
    'rai:dataAnnotationAnalysis': `Of ${count} images, ${accepted} labels were confirmed and ${relabelled} changed by a reviewer; ${given} were not reviewed.`,
    'rai:machineAnnotationTools': `Assay ${dataset.appVersion}: orders images for review, assigns no labels.`,
    ...(dataset.synthetic && { 'rai:dataCollectionType': 'Others', 'rai:dataCollection': made }),
  };
}

function provenance({ dataset }: ExportJob, { generators, batches }: Survey): object {
  const generation = generators.map((generator) => ({
    '@type': 'prov:Activity',
    'prov:label': 'Image generation',
    'prov:wasAssociatedWith': { '@type': 'prov:SoftwareAgent', 'prov:label': generator },
  }));
  const review = {
    '@type': 'prov:Activity',
    'prov:label': 'Review of labels',
    'prov:endedAtTime': dataset.createdAt,
    'prov:wasAssociatedWith': { '@type': 'prov:SoftwareAgent', 'prov:label': `Assay ${dataset.appVersion}` },
  };
  return {
    'prov:wasDerivedFrom': batches.map((batch) => ({ '@type': 'prov:Entity', 'prov:label': batch })),
    'prov:wasGeneratedBy': [...generation, review],
  };
}

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

/** Who decided on the label: the manifest's reviewer id, which may be a pseudonym. */
function annotator(): object {
  return field('images/label/annotator', 'prov:Person', {
    description: 'The reviewer who decided on the label; empty if the label came with the image.',
    equivalentProperty: 'prov:wasAttributedTo',
    ...column('reviewer'),
  });
}

/** One record per image: its content, joined with its manifest line by file name. */
function recordSets({ splits, classes }: Survey): object[] {
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
      description: 'given: not reviewed; accepted: confirmed; relabelled: changed.',
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
    description: 'The manifest; its file names join it to the images.',
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

function description(job: ExportJob, found: Survey, manifest: OutputFile): object {
  const { dataset } = job;
  return {
    '@context': CONTEXT,
    '@type': 'sc:Dataset',
    conformsTo: ['http://mlcommons.org/croissant/1.1', 'http://mlcommons.org/croissant/RAI/1.0'],
    name: dataset.name,
    description: dataset.description,
    license: dataset.licence,
    // An export has no web page: a name made from its content stands in and never changes.
    url: `urn:sha256:${manifest.sha256}`,
    creator: { '@type': 'sc:Organization', name: dataset.creator },
    datePublished: dataset.createdAt,
    version: dataset.version,
    isLiveDataset: false,
    ...responsible(job, found),
    ...provenance(job, found),
    distribution: distribution(manifest),
    recordSet: recordSets(found),
  };
}

export default defineExport({
  id: 'croissant',
  title: 'Croissant 1.1',
  layout:
    'croissant.json (JSON-LD with responsible-AI properties and provenance) over manifest.jsonl with every fact, and images/<sha256>.<extension>.',
  loses: [],
  source: 'jsonl-manifest',
  async write(job) {
    const found = survey(job);
    await copyImages(job, imagePath);
    await job.output.writeText(MANIFEST, jsonlText(job));
    const manifest = job.output.files.find(({ path }) => path === MANIFEST)!;
    await job.output.writeText(
      'croissant.json',
      `${JSON.stringify(description(job, found, manifest), null, 2)}\n`,
    );
  },
});

/** The JSON-LD context of Croissant 1.1, Appendix 1, with the prefixes of PROV-O added. */
const CONTEXT = {
  '@language': 'en',
  '@vocab': 'http://schema.org/',
  sc: 'http://schema.org/',
  cr: 'http://mlcommons.org/croissant/',
  rai: 'http://mlcommons.org/croissant/RAI/',
  dct: 'http://purl.org/dc/terms/',
  prov: 'http://www.w3.org/ns/prov#',
  annotation: 'cr:annotation',
  arrayShape: 'cr:arrayShape',
  citeAs: 'cr:citeAs',
  column: 'cr:column',
  conformsTo: 'dct:conformsTo',
  containedIn: 'cr:containedIn',
  data: { '@id': 'cr:data', '@type': '@json' },
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  equivalentProperty: 'cr:equivalentProperty',
  examples: { '@id': 'cr:examples', '@type': '@json' },
  excludes: 'cr:excludes',
  extract: 'cr:extract',
  field: 'cr:field',
  fileProperty: 'cr:fileProperty',
  fileObject: 'cr:fileObject',
  fileSet: 'cr:fileSet',
  format: 'cr:format',
  includes: 'cr:includes',
  isArray: 'cr:isArray',
  isLiveDataset: 'cr:isLiveDataset',
  jsonPath: 'cr:jsonPath',
  key: 'cr:key',
  md5: 'cr:md5',
  parentField: 'cr:parentField',
  recordSet: 'cr:recordSet',
  references: 'cr:references',
  regex: 'cr:regex',
  readLines: 'cr:readLines',
  sdVersion: 'cr:sdVersion',
  separator: 'cr:separator',
  source: 'cr:source',
  subField: 'cr:subField',
  transform: 'cr:transform',
  unArchive: 'cr:unArchive',
  value: 'cr:value',
};

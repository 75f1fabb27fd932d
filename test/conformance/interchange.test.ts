import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ExportItem } from '../../core/release/formats/define.ts';
import type { OutputFolder } from '../../core/release/formats/output.ts';
import { isRecord } from '../../core/import/sources/untrusted.ts';
import { exportTo, makeItems } from '../support/releases.ts';

let scratch: string;
let items: ExportItem[];
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'assay-interchange-'));
  items = await makeItems(join(scratch, 'originals'), 7, (i) => ({
    label: i === 6 ? null : ['cat', 'dog'][i % 2]!,
    origin: i === 0 ? 'relabelled' : 'given',
    reviewer: i === 0 ? 'r-1' : null,
    split: ['train', 'test', null][i % 3]!,
    generator: 'sdxl',
    generatorVersion: i % 2 === 0 ? '1.0' : null,
    generation: 2 ** 31 - 1 - i,
    prompt: i === 0 ? 'naïve\0 "café" 👩‍🔬' : '',
    seed: String(2n ** 64n - BigInt(i)),
    boxes: i === 1 ? [{ label: 'cat', format: 'xywh-pixel', values: [0.1, 1 / 3, 1, 2] }] : null,
  }));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

type Json = Record<string, unknown>;
const objects = z.array(z.record(z.string(), z.unknown()));

/** Checks that a description meets Croissant 1.1 and Croissant RAI 1.0, and that every reference resolves. */
function croissantProblems(dataset: Json): string[] {
  const problems: string[] = [];
  const need = (node: Json, names: string[]): void => {
    for (const name of names)
      if (node[name] === undefined || node[name] === '')
        problems.push(`${String(node['@id'])} lacks ${name}`);
  };
  need(dataset, [
    '@context',
    '@type',
    'conformsTo',
    'name',
    'description',
    'license',
    'url',
    'creator',
    'datePublished',
    'version',
  ]);
  const ids = new Map<string, Json>();
  const references: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isRecord(value)) return;
    const node = value;
    if (typeof node['@id'] === 'string') {
      if (Object.keys(node).length === 1) references.push(node['@id']);
      else if (ids.has(node['@id'])) problems.push(`${node['@id']} is defined twice`);
      else ids.set(node['@id'], node);
    }
    for (const [key, child] of Object.entries(node)) if (key !== '@context' && key !== 'data') visit(child);
  };
  visit(dataset);
  for (const id of references) if (!ids.has(id)) problems.push(`${id} is referred to, not defined`);
  for (const node of ids.values()) {
    if (node['@type'] === 'cr:FileObject') need(node, ['name', 'contentUrl', 'encodingFormat', 'sha256']);
    if (node['@type'] === 'cr:FileSet') need(node, ['name', 'includes', 'encodingFormat']);
    if (node['@type'] === 'cr:RecordSet') need(node, ['field', 'key']);
    if (node['@type'] === 'cr:Field') need(node, ['dataType']);
  }
  // Every term without a prefix must be schema.org's or be mapped by the context.
  const context = isRecord(dataset['@context']) ? dataset['@context'] : {};
  for (const key of Object.keys(dataset)) {
    const prefix = key.includes(':') ? key.split(':')[0]! : null;
    if (prefix !== null && context[prefix] === undefined) problems.push(`${key}: no prefix ${prefix}`);
  }
  return problems;
}

describe('croissant', () => {
  let dataset: Json;
  let output: OutputFolder;
  beforeAll(async () => {
    output = await exportTo(join(scratch, 'croissant'), 'croissant', items);
    dataset = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(await readFile(join(scratch, 'croissant', 'croissant.json'), 'utf8')));
  });

  test('has every required field, and no dangling reference', () => {
    expect(croissantProblems(dataset)).toEqual([]);
    expect(croissantProblems({ ...dataset, license: undefined, url: '' })).toHaveLength(2);
    expect(dataset['conformsTo']).toEqual([
      'http://mlcommons.org/croissant/1.1',
      'http://mlcommons.org/croissant/RAI/1.0',
    ]);
  });

  test('describes the files that were written', () => {
    const [manifest, images] = objects.parse(dataset['distribution']);
    const written = output.files.find(({ path }) => path === manifest!['contentUrl']);
    expect(manifest!['sha256']).toBe(written!.sha256);
    const pattern = new RegExp(`^${String(images!['includes']).replace('*', '[^/]+')}$`);
    expect(output.files.filter(({ path }) => pattern.test(path))).toHaveLength(items.length);
  });

  test('has image, label and split, and attributes labels to their reviewers', () => {
    const sets = new Map(objects.parse(dataset['recordSet']).map((set) => [set['@id'], set]));
    const fields = new Map(objects.parse(sets.get('images')!['field']).map((field) => [field['@id'], field]));
    expect(fields.get('images/image')!['dataType']).toBe('sc:ImageObject');
    expect(fields.get('images/label')).toMatchObject({
      dataType: ['sc:Text', 'cr:Label'],
      annotation: { equivalentProperty: 'prov:wasAttributedTo', source: { extract: { column: 'reviewer' } } },
    });
    expect(fields.get('images/split')!['references']).toEqual({ '@id': 'splits/name' });
    expect(sets.get('splits')!['data']).toEqual([
      { 'splits/name': 'test', 'splits/url': 'cr:TestSplit' },
      { 'splits/name': 'train', 'splits/url': 'cr:TrainingSplit' },
    ]);
    expect(sets.get('classes')!['data']).toEqual([{ 'classes/name': 'cat' }, { 'classes/name': 'dog' }]);
  });

  test('states provenance and annotators as far as a release knows them', () => {
    expect(JSON.stringify(dataset['prov:wasGeneratedBy'])).toContain('sdxl 1.0');
    expect(dataset['prov:wasDerivedFrom']).toEqual([{ '@type': 'prov:Entity', 'prov:label': 'first batch' }]);
    expect(dataset['rai:dataAnnotationAnalysis']).toBe(
      'Of 7 images, 0 labels were confirmed and 1 changed by a reviewer; 6 were not reviewed.',
    );
    const stated = Object.keys(dataset).filter((key) => key.startsWith('rai:'));
    expect(stated.sort()).toEqual([
      'rai:dataAnnotationAnalysis',
      'rai:dataAnnotationPlatform',
      'rai:dataAnnotationProtocol',
      'rai:dataCollection',
      'rai:dataCollectionType',
      'rai:machineAnnotationTools',
    ]);
  });
});

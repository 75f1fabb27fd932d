import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportItem, ExportJob } from '../../core/release/formats/define.ts';
import { EXPORTED_FIELDS, valuesOf } from '../../rpc/contract/fields.ts';
import { exports } from '../../core/release/formats/registry.ts';
import { readme } from '../../core/release/readme.ts';
import type { PngMaker } from '../../core/release/formats/original.ts';
import { OutputFolder } from '../../core/release/formats/output.ts';
import { makeImage, type TestImage } from './images.ts';

export type ItemFacts = Partial<
  Omit<
    ExportItem,
    'sha256' | 'fileName' | 'root' | 'source' | 'asPng' | 'format' | 'bytes' | 'width' | 'height'
  >
>;

/** An item of a release over a real file that lies at `folder`, with nothing known of it but what is given. */
export async function makeItem(folder: string, image: TestImage, facts: ItemFacts = {}): Promise<ExportItem> {
  const { bytes, sha256, format, width, height } = image;
  const source = join(folder, sha256);
  await mkdir(folder, { recursive: true });
  await writeFile(source, bytes);
  const label = facts.label ?? null;
  return {
    sha256,
    fileName: `${sha256}.${format === 'jpeg' ? 'jpg' : format}`,
    root: folder,
    source,
    asPng: false,
    originalPath: `somewhere/${sha256.slice(0, 6)}.${format}`,
    format,
    bytes: bytes.length,
    width,
    height,
    label,
    givenLabel: label,
    basis: 'given',
    origin: 'given',
    reviewer: null,
    decidedAt: null,
    settled: null,
    adjudicator: null,
    grid: null,
    judgements: [],
    distribution: null,
    annotators: 0,
    tags: [],
    role: 'synthetic',
    batch: 'first batch',
    givenSplit: facts.split ?? null,
    ...valuesOf(EXPORTED_FIELDS, {}),
    boxes: null,
    ...facts,
  };
}

/** `count` distinct real images of all three formats, as items, in sha256 order. */
export async function makeItems(
  folder: string,
  count: number,
  factsOf: (index: number) => ItemFacts,
): Promise<ExportItem[]> {
  const formats = ['png', 'jpeg', 'webp'] as const;
  const items = await Promise.all(
    Array.from({ length: count }, async (_, i) =>
      makeItem(folder, await makeImage(i, formats[i % 3]), factsOf(i)),
    ),
  );
  return items.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
}

/** Four JPEG images as items: a whole one, two that lack their end marker or half of it, one with text after it. */
export async function withEnds(folder: string): Promise<ExportItem[]> {
  const ends = [
    (bytes: Buffer) => bytes,
    (bytes: Buffer) => bytes.subarray(0, -2),
    (bytes: Buffer) => bytes.subarray(0, -1),
    (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('text')]),
  ];
  return Promise.all(
    ends.map(async (end, i) => {
      const image = await makeImage(i, 'jpeg');
      const bytes = end(image.bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return makeItem(folder, { ...image, bytes, sha256 }, { label: 'a', split: 'train' });
    }),
  );
}

function makeJob(output: OutputFolder, items: ExportItem[], more: Partial<ExportJob> = {}): ExportJob {
  const labels = items.map(({ label }) => label).filter((label) => label !== null);
  const counts = { given: 0, accepted: 0, relabelled: 0 };
  for (const { origin } of items) counts[origin] += 1;
  return {
    signal: new AbortController().signal,
    progress: () => undefined,
    output,
    items,
    count: items.length,
    classes: [...new Set(labels)].sort(),
    dataset: {
      name: 'Test release',
      description: 'Images made for a test.',
      licence: 'CC0-1.0',
      creator: 'Test',
      createdAt: '2026-01-02T03:04:05.000Z',
      version: '1.0.0',
      appVersion: '0.0.0',
      hasBoxes: items.some(({ boxes }) => boxes !== null),
      counts,
    },
    ...more,
  };
}

/** Runs one export to `target`, as a release does. */
export async function exportTo(
  target: string,
  id: string,
  items: ExportItem[],
  more: Partial<ExportJob> = {},
  pngOf: PngMaker | null = null,
): Promise<OutputFolder> {
  const output = await OutputFolder.create(target, false, pngOf);
  try {
    const [format, job] = [exports.get(id)!, makeJob(output, items, more)];
    await format.write(job);
    const roles = { real: 0, holdout: 0, synthetic: 0 };
    for (const { role } of items) roles[role] += 1;
    await output.writeText(
      'README.md',
      readme(format, job, {
        loses: format.loses[job.dataset.hasBoxes ? 'withBoxes' : 'withoutBoxes'],
        warnings: output.jpegEnds.warnings(format),
        roles,
        holdout: null,
      }),
    );
    await output.commit();
  } catch (error) {
    await output.abort();
    throw error;
  }
  return output;
}

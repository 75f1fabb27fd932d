import { stringify } from 'yaml';
import type { MixForm } from '../../../rpc/contract/mixes.ts';
import type { ExportItem, ExportJob } from '../../release/formats/define.ts';
import { checkpoint, copyImages, factsOf, imagePath, itemsWhere } from '../../release/formats/items.ts';
import { fileNameColumns, tableFile } from '../../release/formats/typed-table.ts';
import { mapOrdered } from '../../base/parallel.ts';
import type { Place } from './rows.ts';
import { TAR_END, tarBytes, tarFile } from './tar.ts';

/** What the forms of a mix are written from. */
export interface MixJob extends ExportJob {
  /** Ids by position in the epoch. */
  order: Int32Array;
  itemOf: (id: number) => ExportItem;
  /** Share of real images in the epoch. */
  share: number;
  seed: number;
  batchSize: number;
  shardBytes: number;
}

/** Says where the image at a position, or an image wherever it is, lies in the mix. */
export type Places = (position: number, item: ExportItem) => Place;

const AHEAD = 8;
const ENCODER = new TextEncoder();

const FORMS: Record<MixForm, (job: MixJob) => Promise<Places>> = {
  async images(job) {
    await copyImages(job, imagePath);
    return (_, item) => ({ path: imagePath(item), offset: null });
  },
  shards: writeShards,
  async huggingface(job) {
    const path = (item: ExportItem): string => `huggingface/${item.role}/${item.fileName}`;
    await copyImages(job, path);
    for (const role of rolesOf(job))
      await job.output.writeBytes(
        `huggingface/${role}/metadata.parquet`,
        tableFile(
          itemsWhere(job, (item) => item.role === role),
          fileNameColumns(job.dataset.hasBoxes),
          job.dataset.appVersion,
        ),
      );
    await job.output.writeText('huggingface/README.md', huggingfaceCard(job));
    return (_, item) => ({ path: path(item), offset: null });
  },
};

/** The forms from the one whose images the manifest points to, if several were asked for. */
const ORDER: MixForm[] = ['images', 'shards', 'huggingface'];

/** Lays the images down in each form; the manifest points to the first of `images`, `shards` and `huggingface`. */
export async function writeForms(job: MixJob, forms: readonly MixForm[]): Promise<Places> {
  const places: Places[] = [];
  for (const form of ORDER) if (forms.includes(form)) places.push(await FORMS[form](job));
  return places[0]!;
}

/** Lines of Python that read each form, run in the folder of the mix. */
export const USAGE: Record<MixForm, (job: MixJob) => string[]> = {
  images: ({ batchSize }) => [
    'import json',
    'rows = [json.loads(line) for line in open("manifest.jsonl", encoding="utf-8")]',
    `batches = [rows[at : at + ${batchSize}] for at in range(0, len(rows), ${batchSize})]  # each row has its path`,
  ],
  shards: ({ output, classes }) => {
    const last = output.files.filter(({ path }) => path.startsWith('shards/')).length - 1;
    return [
      'import webdataset as wds',
      `urls = "shards/mix-{000000..${String(last).padStart(6, '0')}}.tar"`,
      `dataset = wds.WebDataset(urls, shardshuffle=False).decode("pil").to_tuple("jpg;png;webp", "${classes.length > 0 ? 'cls' : 'json'}")`,
    ];
  },
  huggingface: ({ share, seed }) => interleave(share, seed, '"huggingface"'),
};

/** The roles that a mix has images of. */
const rolesOf = ({ share }: Pick<MixJob, 'share'>): ('real' | 'synthetic')[] => [
  ...(share > 0 ? ['real' as const] : []),
  ...(share < 1 ? ['synthetic' as const] : []),
];

function interleave(share: number, seed: number, folder: string): string[] {
  const shares = { real: share, synthetic: 1 - share };
  const roles = rolesOf({ share }).map((role) => [role, shares[role]] as const);
  return [
    'from datasets import interleave_datasets, load_dataset',
    `parts = [load_dataset(${folder}, role, split="train") for role in ${JSON.stringify(roles.map(([role]) => role))}]`,
    `dataset = interleave_datasets(parts, probabilities=${JSON.stringify(roles.map(([, part]) => Number(part.toFixed(12))))}, seed=${seed}, stopping_strategy="all_exhausted")`,
  ];
}

function huggingfaceCard({ dataset, share, seed }: MixJob): string {
  const configs = rolesOf({ share }).map((role) => ({
    config_name: role,
    data_files: [{ split: 'train', path: `${role}/**` }],
  }));
  return `---
${stringify({ pretty_name: dataset.name, configs })}---

# ${dataset.name}

Real and synthetic images of a training mix, each once. Run in this folder:

\`\`\`python
import os
${interleave(share, seed, 'os.getcwd()').join('\n')}
\`\`\`

Probabilities hold the share of real images on average, and not in every batch: single batches fall below it. The order in which every batch holds the floor is in \`manifest.jsonl\` and \`manifest.parquet\` one folder up.
`;
}

/** Writes the epoch in its order; each sample is its image, its class number where it has a label, and its facts. */
async function writeShards(job: MixJob): Promise<Places> {
  const { order, itemOf, output, shardBytes } = job;
  const numbers = new Map(job.classes.map((name, i) => [name, i]));
  const [shard, offset] = [new Int32Array(order.length), new Float64Array(order.length)];
  const samples = mapOrdered(order.entries(), AHEAD, async ([position, id]) => {
    checkpoint(job.signal);
    const item = itemOf(id);
    return { position, files: filesOf(position, item, await output.readOriginal(item), numbers) };
  });
  let next = await samples.next();
  try {
    for (let number = 0; !next.done; number++)
      await output.writeBytes(
        shardPath(number),
        (async function* () {
          let bytes = 0;
          while (!next.done) {
            const { position, files } = next.value;
            const size = files.reduce((sum, [, content]) => sum + tarBytes(content.length), 0);
            if (bytes > 0 && bytes + size + TAR_END.length > shardBytes) break;
            shard[position] = number;
            offset[position] = bytes + tarBytes(0);
            for (const [name, content] of files) yield* tarFile(name, content);
            bytes += size;
            job.progress({
              stage: 'writing shards',
              done: position + 1,
              total: order.length,
              unit: 'images',
            });
            next = await samples.next();
          }
          yield TAR_END;
        })(),
      );
  } finally {
    await samples.return(undefined);
  }
  return (position) => ({ path: shardPath(shard[position]!), offset: offset[position]! });
}

const shardPath = (number: number): string => `shards/mix-${String(number).padStart(6, '0')}.tar`;

/** The files of a sample, its image first. Readers group files by the name before the first dot. */
function filesOf(
  position: number,
  item: ExportItem,
  bytes: Uint8Array,
  numbers: ReadonlyMap<string, number>,
): [name: string, content: Uint8Array][] {
  const key = String(position).padStart(9, '0');
  const number = item.label === null ? undefined : numbers.get(item.label);
  const facts = { sha256: item.sha256, ...factsOf(item), boxes: item.boxes };
  return [
    [`${key}.${item.fileName.split('.').at(-1)!}`, bytes],
    ...(number === undefined ? [] : [[`${key}.cls`, ENCODER.encode(String(number))] as [string, Uint8Array]]),
    [`${key}.json`, ENCODER.encode(JSON.stringify(facts))],
  ];
}

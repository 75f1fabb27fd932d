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
  /** What the form of each source apart is written from; empty where it is not asked for. */
  sources: readonly Source[];
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
  async shards(job) {
    const entries = job.order.entries();
    const written = await writeShards(job, entries, job.order.length, shardPath, 'writing shards');
    return (position) => written[position]!;
  },
  async sources(job) {
    const places = new Map<number, Place>();
    for (const source of job.sources) {
      const pathOf = (number: number): string => `${source.path}/${shardName(number)}`;
      const written = await writeShards(
        job,
        source.entries,
        source.entries.length,
        pathOf,
        `writing ${source.path}`,
      );
      source.entries.forEach(([, id], i) => places.set(id, written[i]!));
    }
    return (position) => places.get(job.order[position]!)!;
  },
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
const ORDER: MixForm[] = ['images', 'shards', 'huggingface', 'sources'];

/** Lays the images down in each form; the manifest points to the first of `ORDER` that there is. */
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
  sources: ({ sources, seed }) => [
    'from glob import glob',
    `folders = ${JSON.stringify(sources.map(({ path }) => path))}`,
    `shares = ${JSON.stringify(sources.map(({ share }) => share))}  # of an epoch; on average, and not in every batch`,
    'import webdataset as wds',
    'parts = [wds.WebDataset(sorted(glob(f"{folder}/*.tar")), resampled=True).shuffle(1000).decode("pil") for folder in folders]',
    'dataset = wds.RandomMix(parts, probs=shares)',
    // It takes archives of one type of image alone.
    ...(new Set(sources.flatMap(({ types }) => [...types])).size > 1
      ? []
      : [
          '# or',
          'from datasets import interleave_datasets, load_dataset',
          'parts = [load_dataset("webdataset", data_files=f"{folder}/*.tar", split="train", streaming=True) for folder in folders]',
          `dataset = interleave_datasets(parts, probabilities=shares, seed=${seed}, stopping_strategy="all_exhausted")`,
        ]),
  ],
};

/** The images of a mix that came in together. */
export interface Source {
  /** Folder of its shards. */
  path: string;
  batch: string;
  role: string;
  /** Its part of the epoch; with it, each image once as often as a sampler likes is as often in it on average. */
  share: number;
  draws: number;
  /** Endings of its images. */
  types: Set<string>;
  /** Each image once, with the position where it is first. */
  entries: [position: number, id: number][];
}

/** The sources of a mix, real ones first, as they come up in the epoch. */
export function sourcesOf(order: Int32Array, itemOf: MixJob['itemOf']): Source[] {
  const found = new Map<string, Source>();
  const seen = new Set<number>();
  for (const [position, id] of order.entries()) {
    const { batch, role, fileName } = itemOf(id);
    const key = JSON.stringify([role, batch]);
    const source = found.get(key) ?? {
      path: '',
      batch,
      role,
      share: 0,
      draws: 0,
      types: new Set<string>(),
      entries: [],
    };
    found.set(key, source);
    source.draws++;
    source.types.add(fileName.split('.').at(-1)!);
    if (!seen.has(id)) source.entries.push([position, id]);
    seen.add(id);
  }
  const numbers = new Map<string, number>();
  return [...found.values()]
    .sort((a, b) => (a.role < b.role ? -1 : a.role > b.role ? 1 : 0))
    .map((source) => {
      const number = (numbers.get(source.role) ?? 0) + 1;
      numbers.set(source.role, number);
      const share = Number((source.draws / order.length).toFixed(12));
      return { ...source, path: `sources/${source.role}-${number}`, share };
    });
}

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

/**
 * Writes images into shards in their order, and returns where each lies; a sample is its image, its class number where it
 * has a label, and its facts.
 */
async function writeShards(
  job: MixJob,
  entries: Iterable<[position: number, id: number]>,
  count: number,
  pathOf: (number: number) => string,
  stage: string,
): Promise<Place[]> {
  const { itemOf, output, shardBytes } = job;
  const numbers = new Map(job.classes.map((name, i) => [name, i]));
  const places: Place[] = [];
  const samples = mapOrdered(entries, AHEAD, async ([position, id]) => {
    checkpoint(job.signal);
    const item = itemOf(id);
    return filesOf(position, item, await output.readOriginal(item), numbers);
  });
  let next = await samples.next();
  try {
    for (let number = 0; !next.done; number++) {
      const path = pathOf(number);
      await output.writeBytes(
        path,
        (async function* () {
          let bytes = 0;
          while (!next.done) {
            const files = next.value;
            const size = files.reduce((sum, [, content]) => sum + tarBytes(content.length), 0);
            if (bytes > 0 && bytes + size + TAR_END.length > shardBytes) break;
            places.push({ path, offset: bytes + tarBytes(0) });
            for (const [name, content] of files) yield* tarFile(name, content);
            bytes += size;
            job.progress({ stage, done: places.length, total: count, unit: 'images' });
            next = await samples.next();
          }
          yield TAR_END;
        })(),
      );
    }
  } finally {
    await samples.return(undefined);
  }
  return places;
}

const shardName = (number: number): string => `mix-${String(number).padStart(6, '0')}.tar`;
const shardPath = (number: number): string => `shards/${shardName(number)}`;

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

import { stringify } from 'yaml';
import { defineExport, type ExportItem, type ExportJob } from './define.ts';
import { copyImages, itemsWhere, survey } from './items.ts';
import { splitFolders } from './names.ts';
import { FACT_COLUMNS, OBJECTS_COLUMN, TypedTable, type TypedColumn } from './typed-table.ts';

const COLUMNS: readonly TypedColumn[] = [
  { name: 'file_name', type: 'string', of: ({ fileName }) => fileName },
  ...FACT_COLUMNS,
];

const ROW_GROUP_ROWS = 10_000;

/** The metadata of one folder: Parquet, as the loader guesses types of JSON Lines from each file's first values. */
async function* metadata(
  items: Iterable<ExportItem>,
  columns: readonly TypedColumn[],
  appVersion: string,
): AsyncGenerator<Uint8Array> {
  const table = new TypedTable(columns, appVersion);
  let rows: ExportItem[] = [];
  for (const item of items) {
    rows.push(item);
    if (rows.length < ROW_GROUP_ROWS) continue;
    yield await table.rowGroup(rows);
    rows = [];
  }
  if (rows.length > 0) yield await table.rowGroup(rows);
  yield await table.finish();
}

/** The dataset card; its header maps folders to splits for the loader. */
function card(job: ExportJob, folders: Iterable<string>): string {
  const data_files = [...folders].map((folder) => ({ split: folder, path: `${folder}/**` }));
  const header = { pretty_name: job.dataset.name, configs: [{ config_name: 'default', data_files }] };
  const facts = `Version ${job.dataset.version}, ${job.count} images. Licence: ${job.dataset.licence}.`;
  return `---\n${stringify(header)}---\n\n${job.dataset.description}\n\n${facts}\n`;
}

export default defineExport({
  id: 'hf-imagefolder',
  title: 'Hugging Face imagefolder',
  layout:
    '<split>/<sha256>.<extension> with <split>/metadata.parquet of every fact, and README.md that names the splits; images without a split in train/.',
  loses: ['the fractions of YOLO boxes: they are written in pixels'],
  source: 'hf-imagefolder',
  async write(job) {
    const { splits, hasBoxes } = survey(job);
    const folders = splitFolders(splits);
    const used = new Set(folders.values());
    await copyImages(job, (item) => `${folders.get(item.split)!}/${item.fileName}`);
    for (const folder of used) {
      const items = itemsWhere(job, ({ split }) => folders.get(split) === folder);
      await job.output.writeBytes(
        `${folder}/metadata.parquet`,
        metadata(items, hasBoxes ? [...COLUMNS, OBJECTS_COLUMN] : COLUMNS, job.dataset.appVersion),
      );
    }
    await job.output.writeText('README.md', card(job, used));
  },
});

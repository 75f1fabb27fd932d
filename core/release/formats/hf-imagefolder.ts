import { stringify } from 'yaml';
import { defineExport, type ExportJob } from './define.ts';
import { copyImages, itemsWhere, survey } from './items.ts';
import { splitFolders } from './names.ts';
import { fileNameColumns, tableFile } from './typed-table.ts';

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
        // Parquet, since the loader guesses the types of JSON Lines from the first values of each file.
        tableFile(items, fileNameColumns(hasBoxes), job.dataset.appVersion),
      );
    }
    await job.output.writeText('README.md', card(job, used));
  },
});

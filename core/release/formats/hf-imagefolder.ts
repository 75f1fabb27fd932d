import { defineExport } from './define.ts';
import { cardHeader, LOAD_DATASET } from './hf-card.ts';
import { copyImages, itemsWhere, survey } from './items.ts';
import { splitFolders } from './names.ts';
import { fileNameColumns, tableFile } from './typed-table.ts';
import { DetailCounter } from './outlines.ts';

export default defineExport({
  id: 'hf-imagefolder',
  title: 'Hugging Face imagefolder',
  layout:
    '<split>/<sha256>.<extension> with <split>/metadata.parquet of every fact, and README.md that names the splits; images without a split in train/.',
  loses: { withBoxes: ['the fractions of YOLO boxes: they are written in pixels'], withoutBoxes: [] },
  counter: () => new DetailCounter(),
  source: 'hf-imagefolder',
  usage: LOAD_DATASET,
  header: (job) => cardHeader(job, (split) => `${split}/**`),
  async write(job) {
    const { splits, hasBoxes } = survey(job);
    const folders = splitFolders(splits);
    await copyImages(job, (item) => `${folders.get(item.split)!}/${item.fileName}`);
    for (const folder of new Set(folders.values())) {
      const items = itemsWhere(job, ({ split }) => folders.get(split) === folder);
      await job.output.writeBytes(
        `${folder}/metadata.parquet`,
        // Parquet, since the loader guesses the types of JSON Lines from the first values of each file.
        tableFile(items, fileNameColumns(hasBoxes), job.dataset.appVersion),
      );
    }
  },
});

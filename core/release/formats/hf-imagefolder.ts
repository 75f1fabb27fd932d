import { stringify } from 'yaml';
import { toPixels } from '../../base/boxes.ts';
import { defineExport, type ExportItem, type ExportJob } from './define.ts';
import { copyImages, itemsOf, factsOf, survey } from './items.ts';
import { uniqueNames, wordName } from './names.ts';

/** Hugging Face's layout for detection: `objects` holds COCO boxes and their categories. */
function objectsOf({ boxes, width, height }: ExportItem): object | null {
  return (
    boxes && {
      bbox: boxes.map((box) => toPixels(box, width, height)),
      categories: boxes.map(({ label }) => label),
    }
  );
}

function* metadata(job: ExportJob, split: string | null, hasBoxes: boolean): Generator<string> {
  for (const item of itemsOf(job, split)) {
    const objects = hasBoxes ? { objects: objectsOf(item) } : {};
    const row = {
      file_name: item.fileName,
      sha256: item.sha256,
      ...factsOf(item),
      original_path: item.originalPath,
    };
    yield `${JSON.stringify({ ...row, ...objects })}\n`;
  }
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
    '<split>/<sha256>.<extension> with <split>/metadata.jsonl of every fact, and README.md that names the splits; images without a split in train/.',
  loses: ['the fractions of YOLO boxes: they are written in pixels'],
  source: 'hf-imagefolder',
  async write(job) {
    const { splits, hasBoxes } = survey(job);
    const named = splits.filter((split) => split !== null);
    // Images without a split share the folder `train`; the metadata tells them apart.
    const names = uniqueNames(new Set(['train', ...named]), wordName, '_');
    const folderOf = (split: string | null): string => names.get(split ?? 'train')!;
    const folders = new Set(splits.map(folderOf));
    await copyImages(job, (item) => `${folderOf(item.split)}/${item.fileName}`);
    for (const folder of folders) {
      const inFolder = splits.filter((split) => folderOf(split) === folder);
      const rows = function* (): Generator<string> {
        for (const split of inFolder) yield* metadata(job, split, hasBoxes);
      };
      await job.output.writeText(`${folder}/metadata.jsonl`, rows());
    }
    await job.output.writeText('README.md', card(job, folders));
  },
});

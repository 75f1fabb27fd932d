import { both, defineExport, type ExportJob } from './define.ts';
import { checkpoint, copyImages, toRecord, imagePath } from './items.ts';

export const MANIFEST = 'manifest.jsonl';

/** The canonical manifest: one JSON object per image, with every fact and unchanged boxes. */
export function* jsonlText(job: ExportJob): Generator<string> {
  for (const item of job.items) {
    checkpoint(job.signal);
    yield `${JSON.stringify({ ...toRecord(item, imagePath(item)), boxes: item.boxes })}\n`;
  }
}

export default defineExport({
  id: 'jsonl',
  title: 'JSON Lines',
  layout: 'manifest.jsonl with every fact of every image, and images/<sha256>.<extension>.',
  loses: both(),
  source: 'jsonl-manifest',
  anySplits: true,
  usage: [
    'import pandas as pd',
    'images = pd.read_json("manifest.jsonl", lines=True, dtype=False, convert_dates=False)',
    'print(images)',
  ],
  async write(job) {
    await copyImages(job, imagePath);
    await job.output.writeText(MANIFEST, jsonlText(job));
  },
});

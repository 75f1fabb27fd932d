import { defineExport } from './define.ts';
import { imagePath, jsonlText, MANIFEST } from './jsonl-text.ts';
import { copyImages } from './progress.ts';

export default defineExport({
  id: 'jsonl',
  title: 'JSON Lines',
  layout: 'manifest.jsonl with every fact of every image, and images/<sha256>.<extension>.',
  loses: [],
  source: 'jsonl-manifest',
  anySplits: true,
  async write(job) {
    await copyImages(job, imagePath);
    await job.output.writeText(MANIFEST, jsonlText(job));
  },
});

import { writeClassFolders } from './class-layout.ts';
import { defineExport } from './define.ts';
import { survey } from './survey.ts';

export default defineExport({
  id: 'folder',
  title: 'Class folders',
  layout:
    '<label>/<sha256>.<extension>, images without a label in _unlabelled/, and class-folders.json with the label of each folder, since labels that are no portable name are written with % codes.',
  loses: [
    'splits',
    'prompts, seeds and generators',
    'boxes',
    'who decided what and when, the original names, roles and batches',
  ],
  source: 'class-folders',
  async write(job) {
    await writeClassFolders(job, survey(job).classes, () => ({ folder: '', split: null }));
  },
});

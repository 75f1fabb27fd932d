import type { ExportJob } from './define.ts';
import { survey } from './items.ts';
import { splitFolders } from './names.ts';

/** The header of a Hugging Face dataset card, which tells the loader where each split lies. */
export function cardHeader(job: ExportJob, pathOf: (split: string) => string): object {
  const splits = new Set(splitFolders(survey(job).splits).values());
  const data_files = [...splits].map((split) => ({ split, path: pathOf(split) }));
  return { pretty_name: job.dataset.name, configs: [{ config_name: 'default', data_files }] };
}

/** The loader takes no `.` for a folder. */
export const LOAD_DATASET: [string, string, string] = [
  'import os',
  'from datasets import load_dataset  # 3.4 or newer',
  'dataset = load_dataset(os.getcwd())',
];

import type { ExportItem, ExportJob } from './define.ts';
import { checkpoint } from './progress.ts';
import { toRecord } from './record.ts';

export const MANIFEST = 'manifest.jsonl';

export function imagePath(item: ExportItem): string {
  return `images/${item.fileName}`;
}

/** The canonical manifest: one JSON object per image, with every fact and the boxes as they are. */
export function* jsonlText(job: ExportJob): Generator<string> {
  for (const item of job.items) {
    checkpoint(job.signal);
    yield `${JSON.stringify({ ...toRecord(item, imagePath(item)), boxes: item.boxes })}\n`;
  }
}

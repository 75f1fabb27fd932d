import { stringify } from 'csv-stringify/sync';
import { GUARD_COLUMN, GUARD_VALUE, guarded } from '../../import/sources/csv-rows.ts';
import { both, defineExport, type ExportJob } from './define.ts';
import { imagePath, checkpoint, copyImages, toRecord } from './items.ts';

type Cell = string | number | null;

/** RFC 4180; texts are quoted to tell an empty text from no value. */
function line(cells: Cell[]): string {
  return stringify([cells], { quoted_string: true, record_delimiter: '\r\n' });
}

function* csvText(job: ExportJob): Generator<string> {
  let header: string[] | null = null;
  for (const item of job.items) {
    checkpoint(job.signal);
    const record: Record<string, Cell> = {
      ...toRecord(item, imagePath(item)),
      boxes: item.boxes && JSON.stringify(item.boxes),
      [GUARD_COLUMN]: GUARD_VALUE,
    };
    if (!header) yield line((header = Object.keys(record)));
    yield line(Object.values(record).map((value) => (typeof value === 'string' ? guarded(value) : value)));
  }
}

export default defineExport({
  id: 'csv',
  title: 'CSV',
  layout:
    'manifest.csv with every fact of every image, and images/<sha256>.<extension>. Texts that a spreadsheet would run as a formula get a leading apostrophe, which importing removes.',
  loses: both(),
  source: 'csv-manifest',
  anySplits: true,
  usage: [
    'import pandas as pd',
    'images = pd.read_csv("manifest.csv", dtype=str, keep_default_na=False, engine="python")',
    `images = images.apply(lambda column: column.str.replace("^'", "", regex=True))`,
  ],
  async write(job) {
    await copyImages(job, imagePath);
    await job.output.writeText('manifest.csv', csvText(job));
  },
});

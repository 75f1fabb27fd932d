import { createHash } from 'node:crypto';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PARQUET_FAULTS, spoilParquet, toImage } from './hf.ts';
import { ALL_SETS, type Judge } from './judges.ts';
import type { Reading } from './reading.ts';
import type { Truth } from './truth.ts';

function expected(truth: Truth): Reading {
  const hasBoxes = truth.images.some(({ boxes }) => boxes !== null);
  const splits: Reading['splits'] = {};
  for (const image of truth.images) (splits[image.split ?? 'none'] ??= []).push(toImage(image, hasBoxes));
  return { splits, classes: truth.classes };
}

/** Changes the text of the description. */
const described = (from: string | RegExp, to: string) => (folder: string) => {
  const file = join(folder, 'croissant.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
};

const TABLE = 'images/metadata.parquet';

/** Plants a fault in the table, and describes the spoilt one. */
const inTable = (fault: string) => (folder: string) => {
  const hash = (): string =>
    createHash('sha256')
      .update(readFileSync(join(folder, TABLE)))
      .digest('hex');
  const before = hash();
  spoilParquet(TABLE, fault)(folder);
  described(`"sha256": "${before}"`, `"sha256": "${hash()}"`)(folder);
};

export const croissant: Judge = {
  format: 'croissant',
  reader: 'mlcroissant',
  sets: ALL_SETS,
  count: 'len(images)',
  expected,
  faults: {
    of: 'splits',
    plant: {
      ...Object.fromEntries(PARQUET_FAULTS.map((fault) => [fault, inTable(fault)])),
      'the table has other bytes than described': spoilParquet(TABLE, PARQUET_FAULTS[0]!),
      'schema.org is written with http': described(/https:\/\/schema\.org/g, 'http://schema.org'),
      'the order of classes is another': described(/"traffic light"(.*?)"10"/s, '"10"$1"traffic light"'),
      'an image file is gone': (folder) =>
        rmSync(join(folder, globSync('images/*.png', { cwd: folder })[0]!)),
    },
  },
};

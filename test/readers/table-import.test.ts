import { extname, join } from 'node:path';
import { expect, test } from 'vitest';
import csv from '../../core/import/sources/csv-manifest.ts';
import type { SourceEntry } from '../../core/import/sources/define.ts';
import jsonl from '../../core/import/sources/jsonl-manifest.ts';
import { Reading } from '../../core/import/sources/reading.ts';
import { temporaryFolder } from '../support/folders.ts';
import { READERS, runPython } from './read.ts';

interface Made {
  name: string;
  /** What a person must name, since the bytes do not tell. */
  encoding: string | null;
  how: string;
  rows?: { image_path: string; label: string; prompt: string }[];
  boxes?: ({ filename: string; class: string | null } & Record<'xmin' | 'ymin' | 'xmax' | 'ymax', number>)[];
}

async function imported(folder: string, { name, encoding }: Made): Promise<SourceEntry[]> {
  const entries: SourceEntry[] = [];
  const source = extname(name) === '.csv' ? csv : jsonl;
  const file = join(folder, name);
  expect(await source.detects(file)).toBe(true);
  for await (const found of source.list(file, new Reading(folder, { strict: true, encoding })))
    entries.push(found);
  return entries;
}

/** What entries say, as pandas says it: boxes as corners, image by image. */
function said({ how, rows }: Made, found: SourceEntry[]): unknown {
  if (rows)
    return { how, rows: found.map(({ path, label, prompt }) => ({ image_path: path, label, prompt })) };
  const boxes = found.flatMap(({ path, boxes: own }) =>
    own!.map(({ label, values: [x, y, w, h] }) => ({
      filename: path,
      class: label,
      xmin: x,
      ymin: y,
      xmax: x + w,
      ymax: y + h,
    })),
  );
  return { how, boxes, images: found.map(({ path }) => path) };
}

function meant({ how, rows, boxes = [] }: Made): unknown {
  if (rows) return { how, rows };
  const images = [...new Set(boxes.map(({ filename }) => filename))];
  return {
    how,
    boxes: images.flatMap((image) => boxes.filter((row) => row.filename === image && row.class !== null)),
    images,
  };
}

test.skipIf(READERS === null)('tables that pandas writes say the same, however it writes them', async () => {
  const folder = temporaryFolder();
  const made = JSON.parse(runPython('tables', folder)) as Made[];
  expect(made.length).toBeGreaterThan(100);
  for (const table of made) expect(said(table, await imported(folder, table))).toEqual(meant(table));
});

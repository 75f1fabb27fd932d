import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/folders.ts';
import { makeImage } from '../../../test/support/images.ts';
import { makeItem } from '../../../test/support/releases.ts';
import { parquetRows } from '../../import/sources/parquet-rows.ts';
import { fileNameColumns, tableFile } from './typed-table.ts';

test('more rows than are held in memory come back in their order, with their boxes', async () => {
  const folder = temporaryFolder();
  const item = await makeItem(folder, await makeImage(1), { label: '007' });
  const boxes = [
    null,
    [],
    [
      {
        label: '10',
        format: 'xywh-pixel' as const,
        values: [0.1, -2, 3, 4] as [number, number, number, number],
      },
      {
        label: 'é',
        format: 'cxcywh-relative' as const,
        values: [0.5, 0.5, 1, 1] as [number, number, number, number],
      },
    ],
  ];
  const count = 20_001;
  const items = function* (): Generator<typeof item> {
    for (let i = 0; i < count; i++)
      yield { ...item, fileName: `${i}.png`, boxes: boxes[i % 3]!, prompt: i < 12_000 ? null : `no. ${i}` };
  };
  const file = join(folder, 'metadata.parquet');
  const chunks: Uint8Array[] = [];
  for await (const chunk of tableFile(items(), fileNameColumns(true), '0.0.0')) chunks.push(chunk);
  expect(chunks.length).toBeGreaterThan(3);
  writeFileSync(file, Buffer.concat(chunks));

  let row = 0;
  const { width, height } = item;
  const objects = [
    null,
    { bbox: [], categories: [] },
    {
      bbox: [
        [0.1, -2, 3, 4],
        [0, 0, width, height],
      ],
      categories: ['10', 'é'],
    },
  ];
  for await (const { values } of parquetRows(file)) {
    expect(values).toMatchObject({
      file_name: `${row}.png`,
      label: '007',
      prompt: row < 12_000 ? null : `no. ${row}`,
      objects: objects[row % 3],
    });
    row++;
  }
  expect(row).toBe(count);
});

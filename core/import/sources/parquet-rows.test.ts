import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { folderWith, temporaryFolder } from '../../../test/support/folders.ts';
import imagefolder from './hf-imagefolder.ts';
import { parquetClassNames, parquetRows } from './parquet-rows.ts';
import { Reading } from './reading.ts';

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

test('rows come with their numbers, and 64-bit integers keep every digit', async () => {
  const file = join(temporaryFolder(), 'metadata.parquet');
  const columnData = [
    { name: 'file_name', data: ['a.png', 'b.png'] },
    { name: 'seed', data: [2n ** 63n - 1n, null] },
  ];
  writeFileSync(file, new Uint8Array(parquetWriteBuffer({ columnData })));
  expect(await all(parquetRows(file))).toEqual([
    { line: 1, values: { file_name: 'a.png', seed: '9223372036854775807' } },
    { line: 2, values: { file_name: 'b.png', seed: null } },
  ]);
});

test('a file that is no Parquet is named', async () => {
  const folder = folderWith({ 'metadata.parquet': 'file_name\na.png\n' });
  await expect(all(parquetRows(join(folder, 'metadata.parquet')))).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    message: expect.stringContaining('metadata.parquet: Parquet that cannot be read'),
  });
});

test('numbers get the class names that datasets writes into the file', async () => {
  const folder = temporaryFolder();
  const features = {
    file_name: { dtype: 'string', _type: 'Value' },
    label: { names: ['cat', 'dog'], _type: 'ClassLabel' },
    objects: {
      bbox: { feature: { feature: { dtype: 'float32' }, _type: 'List' }, _type: 'List' },
      category: { feature: { names: ['nose', 'ear'], _type: 'ClassLabel' }, _type: 'List' },
    },
  };
  const columnData = [
    { name: 'file_name', data: ['a.png', 'b.png', 'c.png'] },
    { name: 'label', data: [1n, 0n, -1n] },
  ];
  const kvMetadata = [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }];
  const file = join(folder, 'metadata.parquet');
  writeFileSync(file, new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata })));
  expect(await parquetClassNames(file)).toEqual(
    new Map([
      ['label', ['cat', 'dog']],
      ['category', ['nose', 'ear']],
    ]),
  );
  const reading = new Reading(folder);
  const found = await all(imagefolder.list(folder, reading));
  expect(found.map(({ label }) => label)).toEqual(['dog', 'cat', null]);
  expect(reading.result()).toMatchObject({ left: [], notes: [] });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { folderWith, temporaryFolder } from '../../../test/support/folders.ts';
import { parquetRows } from './parquet-rows.ts';

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

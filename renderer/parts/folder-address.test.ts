import { expect, test } from 'vitest';
import { folderOf, projectParams } from './folder-address.ts';

const FOLDERS = [
  '/home/ada/Assay/sample.assay',
  'C:\\Data\\100 % real.assay',
  '/tmp/a%2Fb #1?.assay',
  '/数据/画像.assay',
];

test.each(FOLDERS)('%s survives the address, encoded by us and decoded once by the router', (folder) => {
  const { folder: inAddress } = projectParams(folder);
  expect(folderOf(inAddress)).toBe(folder);
  expect(decodeURIComponent(encodeURIComponent(inAddress))).toBe(inAddress);
});

test.each(FOLDERS)(
  '%s is also taken as a host writes it: encoded once, so that the router gives it plain',
  (folder) => {
    expect(folderOf(folder)).toBe(folder);
  },
);

test('an address that is no encoding is taken as it is', () => {
  expect(folderOf('100%')).toBe('100%');
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { decode, folder, photo, root, useFolder } from './testing/decode.ts';

useFolder();

beforeAll(() => {
  mkdirSync(path.join(folder, 'elsewhere'));
  writeFileSync(path.join(folder, 'elsewhere', 'a.jpg'), photo);
  mkdirSync(path.join(root, 'inside'));
  writeFileSync(path.join(root, 'inside', 'a.jpg'), photo);
  const links: Record<string, string> = {
    'to-file.jpg': 'inside/a.jpg',
    'to-folder': 'inside',
    'out.jpg': '../elsewhere/a.jpg',
    out: '../elsewhere',
    'dangling.jpg': 'inside/gone.jpg',
    dangling: '../nowhere',
    'loop.jpg': 'loop.jpg',
  };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, path.join(root, name));
});

describe('links', () => {
  it.each(['to-file.jpg', 'to-folder/a.jpg'])('are followed inside the import: %s', async (name) => {
    expect(await decode(name)).toMatchObject({ ok: true });
  });

  it.each([
    [
      'to-folder',
      'NOT_A_FILE',
      '"to-folder" is a link to "inside", which is a folder and not a file: linked folders are not entered, so name its files by their own path',
    ],
    [
      'out.jpg',
      'OUTSIDE_FOLDER',
      '"out.jpg" is a link to "../elsewhere/a.jpg", a file outside the folder that is imported: put a copy in its place, or import a folder that holds both',
    ],
    [
      'out',
      'OUTSIDE_FOLDER',
      '"out" is a link to "../elsewhere", a folder outside the folder that is imported: put a copy in its place, or import a folder that holds both',
    ],
    [
      'out/a.jpg',
      'OUTSIDE_FOLDER',
      '"out/a.jpg" lies behind "out", a link to "../elsewhere", a file outside the folder that is imported: put a copy in its place, or import a folder that holds both',
    ],
    ['dangling.jpg', 'NOT_FOUND', '"dangling.jpg" is a link to "inside/gone.jpg", where nothing is'],
    [
      'dangling/a.jpg',
      'NOT_FOUND',
      '"dangling/a.jpg" lies behind "dangling", a link to "../nowhere", where nothing is',
    ],
    ['loop.jpg', 'UNREADABLE', '"loop.jpg" is a symbolic link that leads back to itself'],
    ['inside', 'NOT_A_FILE', '"inside" is a folder, not a file'],
    ['inside/gone.jpg', 'NOT_FOUND', '"inside/gone.jpg" does not exist'],
    [
      '../elsewhere/a.jpg',
      'OUTSIDE_FOLDER',
      '"../elsewhere/a.jpg" leads outside the folder that is imported',
    ],
  ])('are named for what they are: %s', async (name, code, detail) => {
    expect(await decode(name)).toMatchObject({ ok: false, code, detail });
  });
});

describe('paths of other places', () => {
  const web =
    'is an address on the web; Assay reads local files: download it into the folder that is imported';
  const windows = 'is an absolute path of Windows; write it relative to the folder that is imported';

  it.each([
    ['https://example.org/a.jpg', web],
    ['s3://bucket/a.jpg', web],
    ['gs://bucket/a.jpg', web],
    ['file:///home/me/a.jpg', 'is a file address; write the path relative to the folder that is imported'],
    [String.raw`C:\images\a.jpg`, windows],
    ['d:/images/a.jpg', windows],
    [String.raw`\\server\share\a.jpg`, windows],
    ['/somewhere/a.jpg', 'is an absolute path; write it relative to the folder that is imported'],
  ])('are not said to be missing: %s', async (name, what) => {
    expect(await decode(name)).toMatchObject({
      code: 'OUTSIDE_FOLDER',
      detail: `${JSON.stringify(name)} ${what}`,
    });
  });

  it('are shortened where they hold the picture itself', async () => {
    const outcome = await decode(`data:image/png;base64,${'A'.repeat(5000)}`);
    expect(outcome).toMatchObject({
      code: 'OUTSIDE_FOLDER',
      detail: expect.stringContaining('holds the picture itself'),
    });
    expect(outcome.ok || outcome.detail.length).toBeLessThan(300);
  });

  it.skipIf(process.platform === 'win32')('are read where a file has such a name', async () => {
    for (const name of ['C:\\a.jpg', 'data:a.jpg', 'caf\uFFFD.jpg']) {
      writeFileSync(path.join(root, name), photo);
      expect([name, await decode(name)]).toMatchObject([name, { ok: true }]);
    }
  });
});

describe('names that are not UTF-8', () => {
  it.skipIf(process.platform !== 'linux')('are said to be just that', async () => {
    const bytes = Buffer.concat([Buffer.from(`${root}/gr`), Buffer.from([0xfc]), Buffer.from('n.jpg')]);
    writeFileSync(bytes, photo);
    expect(await decode('gr\uFFFDn.jpg')).toMatchObject({
      code: 'UNREADABLE',
      detail:
        '"gr\uFFFDn.jpg" is a name with bytes that are not UTF-8 (shown as \uFFFD), by which no file can be opened: rename the file, and save a manifest that names it as UTF-8',
    });
  });
});

it.skipIf(process.platform === 'win32')('a pipe is called one', async () => {
  execFileSync('mkfifo', [path.join(root, 'pipe.jpg')]);
  expect(await decode('pipe.jpg')).toMatchObject({
    code: 'NOT_A_FILE',
    detail: '"pipe.jpg" is a pipe, not a file',
  });
});

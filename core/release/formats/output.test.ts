import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { errorCode } from '../../../rpc/errors.ts';
import { makeImage } from '../../../test/support/images.ts';
import { makeItem } from '../../../test/support/releases.ts';
import { OutputFolder } from './output.ts';

let scratch: string;
let target: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'assay-output-'));
  target = join(scratch, 'release');
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

function partialName(host: string, pid: number): string {
  return `.release.assay-partial-${host}-${pid}-0123456789abcdef`;
}

async function partials(): Promise<string[]> {
  return (await readdir(scratch)).filter((name) => name.includes('.assay-partial-'));
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

test('nothing bears the target name before commit, everything after it', async () => {
  const output = await OutputFolder.create(target);
  const item = await makeItem(join(scratch, 'originals'), await makeImage(1));
  await output.writeText('b/notes.txt', ['naïve ', 'text 👩‍🔬']);
  await output.writeBytes('a.bin', new Uint8Array([1, 2, 3]));
  await output.copyOriginal(item, `b/${item.fileName}`);
  expect(existsSync(target)).toBe(false);
  await output.commit();
  expect(await partials()).toEqual([]);
  expect(await readFile(join(target, 'b/notes.txt'), 'utf8')).toBe('naïve text 👩‍🔬');
  expect(output.files).toEqual(
    [
      { path: 'a.bin', sha256: sha256(new Uint8Array([1, 2, 3])), bytes: 3 },
      { path: `b/${item.fileName}`, sha256: item.sha256, bytes: item.bytes },
      { path: 'b/notes.txt', sha256: sha256('naïve text 👩‍🔬'), bytes: Buffer.byteLength('naïve text 👩‍🔬') },
    ].sort((a, b) => (a.path < b.path ? -1 : 1)),
  );
  await expect(output.writeText('late.txt', 'x')).rejects.toMatchObject({ code: 'EXPORT_REFUSED' });
  await output.abort();
  expect(existsSync(target)).toBe(true);
});

test('an aborted export leaves nothing', async () => {
  const output = await OutputFolder.create(target);
  await output.writeText('a/b.txt', 'x');
  await output.abort();
  expect(await readdir(scratch)).toEqual([]);
});

describe('the target', () => {
  test('may be an empty folder', async () => {
    await mkdir(target);
    const output = await OutputFolder.create(target);
    await output.writeText('a.txt', 'x');
    await output.commit();
    expect(await readdir(target)).toEqual(['a.txt']);
  });

  test('is refused when it holds anything, at the start and at the end', async () => {
    const output = await OutputFolder.create(target);
    await output.writeText('a.txt', 'x');
    await mkdir(target);
    await writeFile(join(target, 'mine.txt'), 'mine');
    await expect(output.commit()).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    await output.abort();
    await expect(OutputFolder.create(target)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    await expect(OutputFolder.create(join(target, 'mine.txt'))).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
    expect(await readFile(join(target, 'mine.txt'), 'utf8')).toBe('mine');
    expect(await partials()).toEqual([]);
  });

  test('is refused where its parent is not there', async () => {
    await expect(OutputFolder.create(join(scratch, 'no', 'such'))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('what an interrupted export left', () => {
  test('is removed by the next one, but not what another export is still writing', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const machine = sha256(hostname()).slice(0, 8);
    const [stale, foreign] = [partialName(machine, dead), partialName('00000000', dead)];
    const living = partialName(machine, process.ppid);
    const ownOld = partialName(machine, process.pid);
    for (const name of [stale, foreign, living, ownOld])
      await mkdir(join(scratch, name, 'deep'), { recursive: true });
    const other = await OutputFolder.create(target);
    const output = await OutputFolder.create(target);
    const left = await partials();
    expect(left).toEqual(expect.arrayContaining([foreign, living]));
    expect(left).not.toContain(stale);
    expect(left).not.toContain(ownOld);
    await other.writeText('still.txt', 'alive');
    await other.abort();
    await output.abort();
  });
});

describe('originals', () => {
  test('that changed, are cut short or are gone are refused by name', async () => {
    const output = await OutputFolder.create(target);
    const image = await makeImage(2);
    for (const damage of [
      Buffer.concat([image.bytes, Buffer.from('x')]),
      image.bytes.subarray(0, 20),
      null,
    ]) {
      const item = await makeItem(join(scratch, 'originals'), image);
      if (damage) await writeFile(item.source, damage);
      else await rename(item.source, `${item.source}.gone`);
      const name = `${damage?.length ?? 'gone'}.png`;
      for (const attempt of [() => output.copyOriginal(item, name), () => output.readOriginal(item)]) {
        const error: unknown = await attempt().catch((thrown: unknown) => thrown);
        expect(errorCode(error)).toBe('EXPORT_REFUSED');
        expect(String(error)).toContain(item.originalPath);
      }
    }
    await output.abort();
  });
});

describe('paths', () => {
  const refused = [
    '',
    '/a',
    'a//b',
    '../../a',
    'a/../b',
    './a',
    'a\\b',
    'C:a',
    'a\0',
    'nul',
    'NUL.txt',
    'x/com1.png',
    'COM¹',
    'a.',
    'a ',
    'a/b ',
    'a*',
    'x'.repeat(256),
    'a\ud800',
  ];
  test.each(refused)('%j is refused', async (path) => {
    const output = await OutputFolder.create(target);
    await expect(output.writeText(path, 'x')).rejects.toMatchObject({ code: 'EXPORT_REFUSED' });
    await output.abort();
  });

  test.each([
    ['a', 'A'],
    ['é', 'e\u0301'],
    ['x/ß', 'X/SS'],
    ['a', 'a'],
  ])('%j and %j cannot both be written', async (a, b) => {
    const output = await OutputFolder.create(target);
    await output.writeText(a, 'x');
    await expect(output.writeText(b, 'y')).rejects.toMatchObject({ code: 'EXPORT_REFUSED' });
    await output.abort();
  });

  test('whatever they are, nothing is ever written outside of the folder', async () => {
    const part = fc.constantFrom('..', '.', '', 'a', 'a/b', '\\', '~', 'C:', '%2e%2e', '/');
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (parts) => {
        const output = await OutputFolder.create(target);
        await output.writeText(parts.join('/'), 'x').catch(() => undefined);
        expect(await readdir(scratch)).toHaveLength(1);
        await output.abort();
        expect(await readdir(scratch)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});

test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
  'a folder without write permission is refused (skipped for root, whom permissions do not stop)',
  async () => {
    await chmod(scratch, 0o500);
    await expect(OutputFolder.create(target)).rejects.toMatchObject({ code: 'EXPORT_REFUSED' });
    await chmod(scratch, 0o700);
  },
);

test('a full disk is DISK_FULL, with a remedy', async () => {
  const output = await OutputFolder.create(target);
  await output.writeText('a.txt', 'x');
  const failure = Object.assign(new Error('write failed'), { code: 'ENOSPC' });
  const chunks = (function* (): Generator<string> {
    yield 'x'.repeat(300_000);
    throw failure;
  })();
  const full: unknown = await output.writeText('b.txt', chunks).catch((thrown: unknown) => thrown);
  expect(errorCode(full)).toBe('DISK_FULL');
  expect(String(full)).toContain('Free space');
  await output.abort();
  expect(await readdir(scratch)).toEqual([]);
});

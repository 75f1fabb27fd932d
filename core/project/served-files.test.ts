import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import sharp from '../../imaging/sharp.ts';
import { dicom } from '../../imaging/testing/build.ts';
import { startCore } from '../../test/support/core.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { makeImage } from '../../test/support/images.ts';
import { connectInProcess } from '../../rpc/transport/inproc.ts';
import { router } from '../handlers/index.ts';
import { Workbench } from '../handlers/workbench.ts';

const by = 'ada';

async function imported(copy: boolean, more: Record<string, Buffer> = {}) {
  const workbench = new Workbench();
  onTestFinished(() => workbench.shutDown());
  const core = connectInProcess(router, { workbench });
  const folder = temporaryFolder();
  const set = join(folder, 'set');
  mkdirSync(set);
  const png = await makeImage(1, 'png');
  const jpeg = await makeImage(2, 'jpeg');
  writeFileSync(join(set, 'a.png'), png.bytes);
  // The name says nothing that counts.
  writeFileSync(join(set, 'b.png'), jpeg.bytes);
  for (const [name, bytes] of Object.entries(more)) writeFileSync(join(set, name), bytes);
  const { folder: project } = await core.projects.create({
    project: join(folder, 'p'),
    by,
    model: 'patch256',
  });
  const summary = await runTask(core, 'import', { project, by, from: set, role: 'real', copy });
  const key = workbench.keyOf(workbench.open(project, 'read'));
  return { core, workbench, project, set, key, png, jpeg, summary };
}

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('files.locate', () => {
  test('finds originals, with the type that their bytes have', async () => {
    const { core, key, png, jpeg, set } = await imported(false);
    expect(await core.files.locate({ key, kind: 'image', id: png.sha256 })).toEqual({
      path: join(set, 'a.png'),
      mime: 'image/png',
      immutable: true,
    });
    expect(await core.files.locate({ key, kind: 'image', id: jpeg.sha256 })).toMatchObject({
      path: join(set, 'b.png'),
      mime: 'image/jpeg',
    });
  });

  test('finds copies inside the project when the source is gone', async () => {
    const { core, key, png, set } = await imported(true);
    rmSync(set, { recursive: true });
    const { path, mime } = await core.files.locate({ key, kind: 'image', id: png.sha256 });
    expect([sha256(path), mime]).toEqual([png.sha256, 'image/png']);
  });

  test('refuses an original that changed or is gone, naming it; touching it changes nothing', async () => {
    const { core, key, png, set } = await imported(false);
    const file = join(set, 'a.png');
    utimesSync(file, new Date(0), new Date(0));
    expect((await core.files.locate({ key, kind: 'image', id: png.sha256 })).path).toBe(file);
    copyFileSync(join(set, 'b.png'), file);
    await expect(core.files.locate({ key, kind: 'image', id: png.sha256 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/a\.png changed on disk.*import it anew/),
    });
    rmSync(file);
    await expect(core.files.locate({ key, kind: 'image', id: png.sha256 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('ENOENT'),
    });
  });

  test.each([false, true])('makes thumbnails anew where they are gone (copied: %s)', async (copy) => {
    const { core, key, png, project } = await imported(copy);
    const first = await core.files.locate({ key, kind: 'thumb', id: png.sha256 });
    const before = sha256(first.path);
    rmSync(join(project, 'thumbs'), { recursive: true });
    const located = await Promise.all(
      Array.from({ length: 4 }, () => core.files.locate({ key, kind: 'thumb', id: png.sha256 })),
    );
    expect(located).toEqual(Array.from({ length: 4 }, () => first));
    expect(sha256(first.path)).toBe(before);
  });

  test('says that a thumbnail cannot be made from a file that is another one now', async () => {
    const { core, key, png, project, set } = await imported(false);
    rmSync(join(project, 'thumbs'), { recursive: true });
    copyFileSync(join(set, 'b.png'), join(set, 'a.png'));
    await expect(core.files.locate({ key, kind: 'thumb', id: png.sha256 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('changed on disk'),
    });
  });

  test('finds maps that were computed, and says of others that they were not', async () => {
    const { core, key, project } = await imported(false);
    await expect(core.files.locate({ key, kind: 'pca', id: '-' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    mkdirSync(join(project, 'maps'));
    writeFileSync(join(project, 'maps', 'pca.bin'), 'x');
    expect(await core.files.locate({ key, kind: 'pca', id: '-' })).toEqual({
      path: join(project, 'maps', 'pca.bin'),
      mime: 'application/octet-stream',
      immutable: false,
    });
  });

  test('refuses what is no opaque id of an open project', async () => {
    const { core, key, png } = await imported(false);
    for (const [change, code] of [
      [{ key: '0'.repeat(16) }, 'NOT_FOUND'],
      [{ id: '-' }, 'NOT_FOUND'],
      [{ id: 'f'.repeat(64) }, 'NOT_FOUND'],
      [{ id: '../../../etc/passwd' }, 'INVALID_INPUT'],
      [{ id: png.sha256.slice(0, 12) }, 'INVALID_INPUT'],
      [{ key: '../../p' }, 'INVALID_INPUT'],
    ] as const)
      await expect(
        core.files.locate({ key, kind: 'image', id: png.sha256, ...change }),
      ).rejects.toMatchObject({ code });
  });

  test('a project that is closed has no key; the same secret gives the same one again', async () => {
    const { core, workbench, project, key } = await imported(false);
    await core.projects.close({ project });
    expect(() => workbench.byKey(key)).toThrow('open the project again');
    const [one, two] = ['s', 's'].map((keySecret) => new Workbench({ keySecret }));
    onTestFinished(() => one!.shutDown());
    onTestFinished(() => two!.shutDown());
    expect(one!.keyOf(one!.open(project, 'read'))).toBe(two!.keyOf(two!.open(project, 'read')));
    expect(one!.keyOf(one!.open(project, 'read'))).not.toBe(key);
  });
});

describe('files.list', () => {
  test('names folders, projects and files, in that order and as people count, and no hidden ones', async () => {
    const core = startCore();
    const folder = temporaryFolder();
    for (const name of ['set 10', 'set 9', 'p.assay', '.hidden']) mkdirSync(join(folder, name));
    for (const name of ['b.csv', 'A.csv', '.secret']) writeFileSync(join(folder, name), '');
    symlinkSync(join(folder, 'set 9'), join(folder, 'link'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'broken'));
    const { entries, parent, path } = await core.files.list({ path: folder });
    expect(entries.map(({ name, kind }) => [name, kind])).toEqual([
      ['link', 'folder'],
      ['p.assay', 'project'],
      ['set 9', 'folder'],
      ['set 10', 'folder'],
      ['A.csv', 'file'],
      ['b.csv', 'file'],
    ]);
    expect(entries[0]!.path).toBe(join(folder, 'link'));
    expect([path, parent]).toEqual([folder, join(folder, '..')]);
  });

  test('starts at home, and ends at the root', async () => {
    const core = startCore();
    const { path, home } = await core.files.list({ path: null });
    expect(path).toBe(home);
    expect((await core.files.list({ path: '/' })).parent).toBeNull();
  });

  test.each([
    ['relative', 'INVALID_INPUT'],
    ['/nowhere/at/all', 'NOT_FOUND'],
    ['/etc/passwd', 'SOURCE_UNREADABLE'],
    ['/tmp\0/x', 'INVALID_INPUT'],
  ])('refuses %j', async (path, code) => {
    const core = startCore();
    await expect(core.files.list({ path })).rejects.toMatchObject({ code });
  });
});

test('pictures that not every window and reader takes are shown and released as PNGs of what is judged', async () => {
  const picture = () => sharp(rgb, { raw: { width: 16, height: 16, channels: 3, pageHeight: 8 } });
  const rgb = Buffer.alloc(16 * 16 * 3, 60).fill(200, 16 * 8 * 3);
  const files = {
    'pages.tif': await picture().tiff({ compression: 'lzw' }).toBuffer(),
    'moving.gif': await picture().gif().toBuffer(),
    'moving.webp': await picture().webp({ lossless: true }).toBuffer(),
    'still.avif': await sharp(rgb.subarray(0, 16 * 8 * 3), { raw: { width: 16, height: 8, channels: 3 } })
      .avif({ lossless: true, effort: 0 })
      .toBuffer(),
  };
  const { core, workbench, project, set, key, summary } = await imported(true, files);
  const note =
    /^3 files have several pages or frames: the first is the image, the others are left behind. For instance, /;
  expect(summary).toMatchObject({ added: 6, broken: [], notes: [expect.stringMatching(note)] });
  const preview = await core.imports.preview({ project, from: set, batch: 'again' });
  expect(preview.notes).toEqual([expect.stringMatching(note)]);
  const ids = Object.values(files).map((bytes) => createHash('sha256').update(bytes).digest('hex'));
  const asked = ids.map((id) => core.files.locate({ key, kind: 'image', id }));
  for (const { path, mime } of [
    ...(await Promise.all(asked)),
    await core.files.locate({ key, kind: 'image', id: ids[0]! }),
  ]) {
    expect(mime).toBe('image/png');
    const { data, info } = await sharp(readFileSync(path)).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 16, height: 8, channels: 3 });
    expect(new Set(data)).toEqual(new Set([60]));
  }

  const to = join(temporaryFolder(), 'release');
  const written = await runTask(core, 'release', { project, by, format: 'csv', undecided: 'in', to });
  expect(written.loses).toContainEqual(
    expect.stringMatching(
      /^the files of 3 images \((?:(?:TIFF|GIF|AVIF) 1(?:, )?){3}\): a PNG of what was shown is written/,
    ),
  );
  for (const [name, bytes] of Object.entries(files)) {
    const id = createHash('sha256').update(bytes).digest('hex');
    const isPlain = name.endsWith('.webp');
    const found = readFileSync(join(to, 'images', `${id}.${isPlain ? 'webp' : 'png'}`));
    expect(found.equals(bytes)).toBe(isPlain);
    expect(new Set(await sharp(found).removeAlpha().raw().toBuffer())).toEqual(new Set([60]));
  }
  expect(await runTask(core, 'verify-release', { release: to })).toMatchObject({ ok: true });
  await workbench.shutDown();
  for (const { path } of await Promise.all(asked)) expect(existsSync(path)).toBe(false);
});

test('a DICOM file is an image, and nothing of its header leaves it', async () => {
  const scan = { rows: 8, columns: 16, pixels: Uint8Array.from({ length: 128 }, (_, i) => i) };
  const files = { 'scan.dcm': dicom(scan), '1.2.840.4711.1': dicom({ ...scan, photometric: 'MONOCHROME1' }) };
  const { core, project, key, set, summary } = await imported(true, files);
  expect(summary).toMatchObject({
    added: 4,
    broken: [],
    notes: [
      '2 DICOM files are not copied into the project, since such files name patients: keep the originals where they are.',
    ],
  });
  const id = createHash('sha256').update(files['scan.dcm']).digest('hex');
  const { path, mime } = await core.files.locate({ key, kind: 'image', id });
  expect(mime).toBe('image/png');
  const shown = readFileSync(path);
  expect([...(await sharp(shown).removeAlpha().raw().toBuffer())].filter((_, i) => i % 3 === 0)).toEqual(
    [...scan.pixels].map((value) => Math.round((value * 255) / 127)),
  );
  const to = join(temporaryFolder(), 'release');
  const { loses } = await runTask(core, 'release', { project, by, format: 'jsonl', undecided: 'in', to });
  expect(loses).toContainEqual(expect.stringMatching(/^the files of 2 images \(DICOM 2\): a PNG/));
  expect(readFileSync(join(to, 'images', `${id}.png`)).equals(shown)).toBe(true);

  const written = [project, to].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((item) => item.isFile())
      .map((item) => readFileSync(join(item.parentPath, item.name), 'latin1')),
  );
  expect(written.length).toBeGreaterThan(10);
  expect(readFileSync(join(set, 'scan.dcm'), 'latin1')).toMatch(/Doe\^Jane.*MRN-4711/s);
  for (const text of written) expect(/Doe\^|Jane|MRN/.exec(text)).toBeNull();
});

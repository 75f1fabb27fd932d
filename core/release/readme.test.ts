import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/folders.ts';
import { exportTo, makeItems, withEnds } from '../../test/support/releases.ts';
import { exports } from './formats/registry.ts';

async function readmeOf(format: string): Promise<string> {
  const folder = temporaryFolder();
  const items = await makeItems(join(folder, 'originals'), 3, (i) => ({
    split: ['test', null, 'train'][i]!,
  }));
  await exportTo(join(folder, 'release'), format, items);
  return readFileSync(join(folder, 'release', 'README.md'), 'utf8');
}

// Whether the lines load the release is judged by the readers, in test/readers.
test('a README says what the release is, what it does not carry, and how to load it', async () => {
  const { usage, loses } = exports.get('hf-imagefolder')!;
  const text = await readmeOf('hf-imagefolder');
  expect(text).toContain('\n# Test release\n\nImages made for a test.\n');
  expect(text).toContain('3 images');
  expect(text).toContain('Licence: CC0-1.0.');
  for (const loss of loses.withoutBoxes) expect(text).toContain(loss);
  expect(text).toContain(`\`\`\`python\n${(usage as string[]).join('\n')}\n\`\`\`\n`);
});

test('a README says how many images a split has, and the classes in their order', async () => {
  const folder = temporaryFolder();
  const items = await makeItems(join(folder, 'originals'), 4, (i) => ({
    split: ['test', null, 'train', 'train'][i]!,
    label: ['b', 'a', null, 'c'][i]!,
  }));
  const written = async (format: string): Promise<string> => {
    await exportTo(join(folder, format), format, items, { classes: ['b', 'unused', 'a'] });
    return readFileSync(join(folder, format, 'README.md'), 'utf8');
  };
  const classes = '\n4 classes in their order: "b", "unused", "a", "c".\n';
  expect(await written('jsonl')).toContain(
    `\nImages per split: "test" 1, "train" 2, without a split 1.\n${classes}`,
  );
  const mixed = await written('folder');
  expect(mixed).toContain(classes);
  expect(mixed).not.toContain('per split');
});

test('a README says what readers make of JPEG files that do not end with their end marker', async () => {
  const folder = temporaryFolder();
  const items = await withEnds(join(folder, 'originals'));
  const written = async (format: string): Promise<string> => {
    await exportTo(join(folder, format), format, items);
    return readFileSync(join(folder, format, 'README.md'), 'utf8');
  };
  const lacking = '\n2 JPEG files lack their end marker: Pillow, ';
  const beyond = '\n1 JPEG file has bytes after the end marker: Ultralytics saves ';
  for (const format of ['jsonl', 'parquet', 'folder']) {
    const text = await written(format);
    expect(text).toContain(lacking);
    expect(text).not.toContain(beyond);
  }
  const yolo = await written('yolo');
  expect(yolo).toContain(lacking);
  expect(yolo).toContain(beyond);
  expect(await readmeOf('yolo')).not.toContain('JPEG file');
});

test('what Hugging Face reads has a card that names the splits', async () => {
  for (const format of ['hf-imagefolder', 'parquet'])
    expect(await readmeOf(format)).toMatch(
      /^---\npretty_name: Test release\nconfigs:\n[^#]*split: train\n[^#]*split: test\n[^#]*---\n\n#/,
    );
  expect(await readmeOf('csv')).toMatch(/^# Test release\n/);
});

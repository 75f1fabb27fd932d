import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { leftWords } from '../../rpc/contract/imports.ts';
import { runTask } from '../../rpc/run-task.ts';
import { startCore } from '../../test/support/core.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { makeImage } from '../../test/support/images.ts';

const by = 'Mara';

/** Imports a folder of images a.png, b.png ... and these files, and exports it as YOLO. */
async function roundTrip(images: number, files: Record<string, string>) {
  const folder = temporaryFolder();
  const from = join(folder, 'set');
  const all = Object.fromEntries(
    await Promise.all(
      Array.from({ length: images }, async (_, i) => [
        `images/${String.fromCharCode(97 + i)}.png`,
        (await makeImage(i)).bytes,
      ]),
    ),
  ) as Record<string, Uint8Array>;
  for (const [path, content] of Object.entries({ ...all, ...files })) {
    mkdirSync(dirname(join(from, path)), { recursive: true });
    writeFileSync(join(from, path), content);
  }
  const core = startCore();
  const { folder: project } = await core.projects.create({
    project: join(folder, 'p'),
    by,
    model: 'patch256',
  });
  const preview = await core.imports.preview({ project, from });
  const summary = await runTask(core, 'import', { project, by, from, role: 'real' });
  const to = join(folder, 'out');
  const { loses } = await core.releases.preview({ project, format: 'yolo', to, undecided: 'in' });
  await runTask(core, 'release', { project, by, format: 'yolo', to, undecided: 'in' });
  const labels = readdirSync(join(to, 'labels'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.txt'))
    .map((path) => readFileSync(join(to, 'labels', path), 'utf8'));
  return { preview: preview.left.map(leftWords), left: summary.left, loses, labels: labels.sort() };
}

const SOME = { kind: 'some-boxes', name: '', count: 1, example: 'images/b.png' };
const ALL = { kind: 'all-boxes', name: '', count: 1, example: 'images/a.png' };
const WORDS = [
  '1 image lost all of its boxes to faulty records; it counts as not annotated',
  '1 image lost some of its boxes to faulty records',
];

test.each<[string, Record<string, string>]>([
  [
    'YOLO',
    {
      'data.yaml': 'train: images\nval: images\nnames: [cat]\n',
      'labels/a.txt': '0 120 80 40 30\n',
      'labels/b.txt': '0 0.5 0.5 0.25 0.5\n7 0.5 0.5 0.25 0.5\n',
      'labels/c.txt': '',
    },
  ],
  [
    'COCO',
    {
      'ann.json': JSON.stringify({
        images: ['a', 'b', 'c'].map((name, id) => ({ id, file_name: `${name}.png` })),
        annotations: [
          { id: 1, image_id: 0, category_id: 1, bbox: [1, null, 4, 4] },
          { id: 2, image_id: 1, category_id: 1, bbox: [1, 1, 4, 4] },
          { id: 3, image_id: 1, category_id: 9, bbox: [1, 1, 4, 4] },
        ],
        categories: [{ id: 1, name: 'cat' }],
      }),
    },
  ],
])('of %s, a YOLO release has an empty label file only for the image that was checked', async (_, files) => {
  const { preview, left, loses, labels } = await roundTrip(3, files);
  expect(labels).toEqual(['', expect.stringMatching(/^0 [\d. ]+\n$/)]);
  expect(preview).toEqual(WORDS);
  expect(left).toEqual([ALL, SOME]);
  for (const words of WORDS) expect(loses).toContain(`${words} (in the import)`);
  expect(loses).toContain(
    '1 image without a label in which nobody looked for boxes: no label file, and readers take it for a background',
  );
});

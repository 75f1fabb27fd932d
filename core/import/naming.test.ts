import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import { startCore } from '../../test/support/core.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { makeImage } from '../../test/support/images.ts';
import { Project } from '../project/project.ts';
import { classNaming, NameTally } from './naming.ts';
import { previewImport } from './preview.ts';
import { entry } from './sources/define.ts';
import { Reading } from './sources/reading.ts';

const by = 'Mara';
type Files = Record<string, string | number>;

/** Writes files; a number is a picture. */
async function write(root: string, all: Files): Promise<string> {
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'number' ? (await makeImage(content)).bytes : content);
  }
  return root;
}

/** Writes files (a number is a picture), and returns what preview, import and project say of their classes. */
async function imported(
  files: Files,
  { classMap, before }: { classMap?: Record<string, string | null>; before?: Files } = {},
) {
  const folder = temporaryFolder();
  const core = startCore();
  const { folder: project } = await core.projects.create({
    project: join(folder, 'p'),
    by,
    model: 'patch256',
  });
  if (before)
    await runTask(core, 'import', {
      project,
      by,
      from: await write(join(folder, 'a'), before),
      role: 'real',
      device: 'cpu',
    });
  const from = await write(join(folder, 'b'), files);
  const preview = await core.imports.preview({ project, from });
  const summary = await runTask(core, 'import', {
    project,
    by,
    from,
    role: 'real',
    classMap: classMap ?? {},
    device: 'cpu',
  });
  const { classes } = await core.projects.status({ project });
  const { labels } = await core.images.facets({ project });
  expect((await runTask(core, 'verify', { project })).ok).toBe(true);
  return {
    previewed: preview.classes.map(({ name, files: count }) => [name, count]),
    boxes: preview.boxes,
    previewNotes: preview.notes,
    notes: summary.notes,
    left: summary.left,
    classes,
    labels: Object.fromEntries(labels.map(({ name, images }) => [String(name), images])),
  };
}

test('blanks around the names of folders are left out, and folders that become one are named', async () => {
  const found = await imported({
    ' lead/0.png': 0,
    'b /0.png': 1,
    'b/0.png': 2,
    'b/1.png': 3,
    'c\u00A0/0.png': 4,
  });
  expect(found.previewed).toEqual([
    ['lead', 1],
    ['b', 3],
    ['c', 1],
  ]);
  expect(found.labels).toEqual({ lead: 1, b: 3, c: 1 });
  expect(found.classes).toEqual(['lead', 'b', 'c']);
  expect(found.notes).toEqual([
    'The classes "b" (2 images) and "b " (1 image) are read as one, "b": blanks around names are left out.',
    'The class " lead" is read as "lead": blanks around names are left out.',
    String.raw`The class "c\u00a0" is read as "c": blanks around names are left out.`,
  ]);
  expect(found.previewNotes).toEqual(found.notes);
});

const coco = (categories: string[], boxes: [image: number, category: number][]): string =>
  JSON.stringify({
    images: [1, 2, 3].map((id) => ({ id, file_name: `${id}.png` })),
    categories: categories.map((name, id) => ({ id, name })),
    annotations: boxes.map(([image_id, category_id], id) => ({
      id,
      image_id,
      category_id,
      bbox: [1 + id, 1, 5, 5],
    })),
  });
const PICTURES = { '1.png': 1, '2.png': 2, '3.png': 3 };

test('categories of COCO that differ only in blanks are one class, of boxes and of their image', async () => {
  const found = await imported({
    ...PICTURES,
    'a.json': coco(
      [' cat ', 'cat', 'dog\u200B', ' unused'],
      [
        [1, 0],
        [1, 1],
        [2, 2],
        [3, 1],
      ],
    ),
  });
  expect(found.labels).toEqual({ cat: 2, dog: 1 });
  expect(found.boxes).toBe(4);
  expect(found.classes).toEqual(['cat', 'dog', 'unused']);
  expect(found.notes).toEqual([
    'The classes " cat " (1 image, 1 box) and "cat" (1 image, 2 boxes) are read as one, "cat": blanks around names are left out.',
    String.raw`The class "dog\u200b" is read as "dog": blanks around names are left out.`,
    'The class " unused" is read as "unused": blanks around names are left out.',
  ]);
});

test.each([
  [
    'JSON Lines',
    {
      'list.jsonl': [' cat ', '\tdog']
        .map((label, i) => JSON.stringify({ path: `${i + 1}.png`, label }))
        .join('\n'),
    },
  ],
  ['quoted CSV', { 'list.csv': 'path,label\n1.png," cat "\n2.png,"\tdog"\n' }],
  [
    'YOLO',
    {
      'data.yaml': 'train: .\nval: .\nnames: [" cat ", "\\tdog"]\n',
      '1.txt': '0 .5 .5 .2 .2\n',
      '2.txt': '1 .5 .5 .2 .2\n',
    },
  ],
])('blanks around classes of %s are left out', async (_, files) => {
  const found = await imported({ '1.png': 1, '2.png': 2, ...files });
  expect(found.labels).toEqual({ cat: 1, dog: 1 });
  expect(found.previewed.map(([name]) => name)).toEqual(['cat', 'dog']);
  expect(found.notes.filter((note) => note.includes('is read as'))).toEqual([
    'The class " cat " is read as "cat": blanks around names are left out.',
    String.raw`The class "\tdog" is read as "dog": blanks around names are left out.`,
  ]);
});

test('one name in two forms of Unicode is one class; capitals make two, and that is said', async () => {
  const labels = ['e\u0301clair', '\u00E9clair', 'Cat', 'cat'];
  const found = await imported({
    ...PICTURES,
    '4.png': 4,
    'list.jsonl': labels.map((label, i) => JSON.stringify({ path: `${i + 1}.png`, label })).join('\n'),
  });
  expect(found.labels).toEqual({ '\u00E9clair': 2, Cat: 1, cat: 1 });
  expect(found.notes).toEqual([
    String.raw`The classes "e\u0301clair" (1 image) and "éclair" (1 image) are read as one, "éclair": letters with marks are read in one form (Unicode NFC).`,
    'The classes "Cat" and "cat" differ only in capitals. They stay different classes; map them if they are one.',
  ]);
});

test('a class that differs from one of the project only in capitals is named; mapped, it is the same', async () => {
  const before = { 'Cat/0.png': 5, 'Dog/0.png': 6 };
  const said =
    'The class "cat" differs from the project\'s "Cat" only in capitals. They stay different classes; map them if they are one.';
  const files = { 'cat/0.png': 1, 'Dog/1.png': 2 };
  expect((await imported(files, { before })).notes).toEqual([said]);
  const mapped = await imported(files, { before, classMap: { ' cat': 'Cat ' } });
  expect(mapped.notes).toEqual([]);
  expect(mapped.previewNotes).toEqual([said]);
  expect(mapped.labels).toEqual({ Cat: 2, Dog: 2 });
});

test.each([
  ['folders', { '0/1.png': 0, '1/1.png': 1, '10/1.png': 2 }, '0, 1, 10'],
  [
    'Hugging Face objects',
    {
      ...PICTURES,
      'metadata.jsonl': [1, 2, 3]
        .map((i) =>
          JSON.stringify({ file_name: `${i}.png`, objects: { bbox: [[1, 1, 5, 5]], categories: [i] } }),
        )
        .join('\n'),
    },
    '1, 2, 3',
  ],
  ['CSV', { ...PICTURES, 'list.csv': 'image_id,label\n1.png,0\n2.png,3.0\n3.png,1\n' }, '0, 3.0, 1'],
  [
    'JSON Lines',
    {
      ...PICTURES,
      'list.jsonl': [1, 2, 3].map((i) => JSON.stringify({ path: `${i}.png`, label: i })).join('\n'),
    },
    '1, 2, 3',
  ],
])('numbers as classes in %s are said', async (_, files, numbers) => {
  const folder = temporaryFolder();
  const project = Project.create(join(folder, 'p'), by);
  onTestFinished(() => project.close());
  const from = await write(join(folder, 'a'), files);
  const options = { from, source: 'auto', batch: null, strict: false, encoding: null };
  const said = `The names of the classes are numbers (${numbers}). If these stand for other names, map them.`;
  expect((await previewImport(project, options)).notes).toEqual([said]);
});

test('mapped numbers, and numbers beside names, are not', async () => {
  const files = { '0/1.png': 0, '1/1.png': 1 };
  const mapped = await imported(files, { classMap: { 0: 'cat', 1: null } });
  expect(mapped.previewNotes).toHaveLength(1);
  expect(mapped.notes).toEqual([]);
  expect(mapped.labels).toEqual({ cat: 1, null: 1 });
  const tally = new NameTally(classNaming({}), []);
  tally.declare(['0', '1', 'cat']);
  const reading = new Reading();
  tally.tell(reading);
  expect(reading.result().notes).toEqual([]);
});

test('of very many names a few are named, those that become one first', () => {
  const naming = classNaming({});
  const tally = new NameTally(naming, []);
  tally.declare(Array.from({ length: 100 }, (_, i) => `class ${i} `));
  tally.add(entry('a.png', { label: 'class 99' }));
  const reading = new Reading();
  tally.tell(reading);
  const { notes } = reading.result();
  expect(notes).toHaveLength(9);
  expect(notes[0]).toBe(
    'The classes "class 99 " (0 images) and "class 99" (1 image) are read as one, "class 99": blanks around names are left out.',
  );
  expect(notes.at(-1)).toBe('92 more class names are read likewise.');
});

test('classes without a name are counted, and are no classes', async () => {
  const boxes = [' ', 'cat'].map((label) => ({ label, format: 'xywh-pixel', values: [1, 1, 5, 5] }));
  const found = await imported({
    '1.png': 1,
    '2.png': 2,
    'list.jsonl': [
      JSON.stringify({ path: '1.png', label: '\u00A0' }),
      JSON.stringify({ path: '2.png', label: 'cat', boxes }),
    ].join('\n'),
  });
  expect(found.labels).toEqual({ null: 1, cat: 1 });
  expect(found.boxes).toBe(1);
  expect(found.notes).toEqual([
    String.raw`The class "\u00a0" of 1 image has no name; it is read as no label.`,
  ]);
  const box = { kind: 'nameless', name: '', count: 1, example: null };
  expect(found.left).toEqual([box]);
});

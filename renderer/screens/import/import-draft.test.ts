import { expect, test } from 'vitest';
import type { ImportPreview } from '../../../rpc/contract/imports.ts';
import { guessRole, taskOf, type ImportDraft } from './import-draft.ts';

const PREVIEW: ImportPreview = {
  from: '/data/night',
  verdict: 'understood',
  source: { id: 'folders', title: 'Folders' },
  why: 'one folder a class',
  left: [],
  skipped: { records: 0, examples: [] },
  notes: [],
  possible: [{ id: 'folders', title: 'Folders' }],
  files: 3,
  complete: true,
  classes: [
    { name: 'car', files: 2, known: true },
    { name: 'van', files: 1, known: false },
  ],
  unlabelled: 0,
  missing: 0,
  splits: [],
  boxes: 0,
  unchanged: 0,
  batch: 'night-2',
  generators: [],
  projectClasses: ['car'],
  pictures: [],
  examples: [],
  problems: [],
};

const DRAFT: ImportDraft & { role: 'synthetic' } = {
  from: ' /data/night ',
  source: 'auto',
  role: 'synthetic',
  batch: '',
  generator: 'sdxl',
  generatorVersion: ' ',
  generation: 2,
  parents: ['day'],
  classMap: { car: 'car', van: 'car', gone: 'car' },
  copy: false,
  strict: false,
  encoding: null,
};

test('what is left open takes what the preview found', () => {
  const { input } = taskOf(DRAFT, PREVIEW, '/p', 'Ada');
  expect(input).toMatchObject({
    from: '/data/night',
    batch: 'night-2',
    source: 'folders',
    generator: 'sdxl',
    generatorVersion: null,
    generation: 2,
    parents: ['day'],
  });
});

test('only classes that are there and change are mapped; an emptied one loses its label', () => {
  expect(taskOf(DRAFT, PREVIEW, '/p', 'Ada').input.classMap).toEqual({ van: 'car' });
  const emptied = { ...DRAFT, classMap: { van: ' ' } };
  expect(taskOf(emptied, PREVIEW, '/p', 'Ada').input.classMap).toEqual({ van: null });
});

test('a real batch has no generator, whatever was typed before the role was changed', () => {
  const { input } = taskOf({ ...DRAFT, role: 'real' }, PREVIEW, '/p', 'Ada');
  expect(input).toMatchObject({ generator: null, generatorVersion: null, generation: null, parents: [] });
});

test.each([
  ['/data/holdout', 'holdout'],
  ['/data/my-val', 'holdout'],
  ['C:\\data\\real', 'real'],
  ['/data/synthetic/', 'synthetic'],
  ['/data/sdxl-night', 'synthetic'],
  ['/data/valuable', null],
  ['/real/day', null],
])('the name of %s suggests the role %s', (path, role) => {
  expect(guessRole(path)).toBe(role);
});

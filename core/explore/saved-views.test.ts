import { join } from 'node:path';
import { onTestFinished, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/folders.ts';
import { Project } from '../project/project.ts';
import { listViews, removeView, saveView } from './saved-views.ts';

function emptyProject() {
  const project = Project.create(join(temporaryFolder(), 'p'), 'Ada Lovelace');
  onTestFinished(() => project.close());
  return project;
}

test('views are listed by name, a name is replaced whatever its capitals, and all of it is on record', () => {
  const project = emptyProject();
  expect(listViews(project)).toEqual([]);
  saveView(project, 'Ada Lovelace', { name: 'Night gears', link: 'sort=1' });
  saveView(project, 'Ada Lovelace', { name: 'doubtful', link: 'filter=2' });
  saveView(project, 'Emmy Noether', { name: 'NIGHT gears', link: 'sort=3' });
  expect(listViews(project)).toEqual([
    { name: 'doubtful', link: 'filter=2' },
    { name: 'NIGHT gears', link: 'sort=3' },
  ]);
  expect(removeView(project, 'Emmy Noether', 'night gears')).toEqual([
    { name: 'doubtful', link: 'filter=2' },
  ]);
  const kept = [...project.store.events.all()].filter(({ kind }) => kind === 'views.set');
  expect(kept.map(({ actor }) => actor)).toEqual([
    'Ada Lovelace',
    'Ada Lovelace',
    'Emmy Noether',
    'Emmy Noether',
  ]);
});

test('a view that is not there cannot be removed, and a hundred are enough', () => {
  const project = emptyProject();
  expect(() => removeView(project, 'Ada Lovelace', 'nothing')).toThrow('no saved view named nothing');
  for (let i = 0; i < 100; i++) saveView(project, 'Ada Lovelace', { name: `view ${i}`, link: '' });
  expect(() => saveView(project, 'Ada Lovelace', { name: 'one more', link: '' })).toThrow('remove one first');
  saveView(project, 'Ada Lovelace', { name: 'view 7', link: 'show=1' });
  expect(listViews(project)).toHaveLength(100);
});

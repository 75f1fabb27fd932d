import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCore } from '../../test/support/core.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { configFolder, UserSettings } from './user-settings.ts';

test('changes only what is named, and keeps it', () => {
  const folder = join(temporaryFolder(), 'not', 'there', 'yet');
  const settings = new UserSettings(folder);
  expect(settings.get()).toEqual({ reviewer: '', theme: 'auto', keys: {}, panels: {} });
  settings.set({ reviewer: 'Mara' });
  settings.set({ theme: 'dark', reviewer: undefined });
  expect(new UserSettings(folder).get()).toMatchObject({ reviewer: 'Mara', theme: 'dark' });
  expect(readdirSync(folder)).toEqual(['settings.json']);
});

test('sets a broken file aside and uses the defaults', () => {
  const folder = temporaryFolder();
  for (const broken of ['{"settings": {"theme": "da', '{"settings": {"theme": "purple"}}', '[]']) {
    writeFileSync(join(folder, 'settings.json'), broken);
    const settings = new UserSettings(folder);
    expect(settings.get().theme).toBe('auto');
    settings.set({ theme: 'light' });
    expect(settings.get().theme).toBe('light');
    const aside = readdirSync(folder).filter((name) => name.startsWith('settings.broken-'));
    expect(aside.map((name) => readFileSync(join(folder, name), 'utf8'))).toContain(broken);
  }
});

test('remembers the twenty most recent projects, each once', () => {
  const folder = temporaryFolder();
  const settings = new UserSettings(folder);
  const there = join(folder, 'p24.assay');
  mkdirSync(there);
  writeFileSync(join(there, 'project.db'), '');
  for (let i = 0; i < 25; i++) settings.remember(join(folder, `p${i}.assay`), `p${i}`);
  settings.remember(join(folder, 'p10.assay'), 'p10');
  const recent = settings.recent();
  expect(recent).toHaveLength(20);
  expect(recent.slice(0, 2).map(({ name, exists }) => [name, exists])).toEqual([
    ['p10', false],
    ['p24', true],
  ]);
  expect(settings.forget(there).map(({ name }) => name)).not.toContain('p24');
});

test('names the file that cannot be written, and the remedy', () => {
  const file = join(temporaryFolder(), 'a file');
  writeFileSync(file, '');
  expect(() => new UserSettings(file).set({ theme: 'dark' })).toThrow(/a file.*ASSAY_CONFIG/);
});

test('a change over the contract leaves other settings alone', async () => {
  const core = startCore();
  await core.settings.set({ reviewer: 'Mara', panels: { rail: 320 } });
  expect(await core.settings.set({ theme: 'dark' })).toMatchObject({
    reviewer: 'Mara',
    theme: 'dark',
    panels: { rail: 320 },
  });
});

test('finds the folder of each system', () => {
  expect(configFolder({ ASSAY_CONFIG: '/c', XDG_CONFIG_HOME: '/x' }, 'linux')).toBe('/c');
  expect(configFolder({ XDG_CONFIG_HOME: '/x' }, 'linux')).toBe(join('/x', 'assay'));
  expect(configFolder({ APPDATA: '/a' }, 'win32')).toBe(join('/a', 'assay'));
  expect(configFolder({}, 'darwin')).toContain(join('Library', 'Application Support', 'assay'));
});

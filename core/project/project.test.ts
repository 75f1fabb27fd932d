import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../test/support/folders.ts';
import { isShared } from '../base/private.ts';
import { UserSettings } from '../base/user-settings.ts';
import { workstationKey } from '../base/workstation-key.ts';
import { record } from '../ledger/ledger.ts';
import { verifyChain } from '../ledger/verify.ts';
import { Project, type WritableProject } from './project.ts';

test('a project that is open for reading cannot be written to: not by type, and not by its connection', () => {
  const writer = Project.create(join(temporaryFolder(), 'p'), 'ada');
  const reader = Project.open(writer.folder, 'read');
  expect([writer.isWritable(), reader.isWritable()]).toEqual([true, false]);
  const body = { name: 'x', policy: { shares: { audit: 1 }, diverse: [] } };
  // @ts-expect-error an act is recorded through a WritableStore
  expect(() => record(reader.store, 'ada', 'policy.saved', body)).toThrow('readonly');
  expect(record(writer.store, 'ada', 'policy.saved', body)).toBe(2);
  reader.close();
  writer.close();
});

test('only one process writes, and many read', () => {
  const writer = Project.create(join(temporaryFolder(), 'p'), 'ada');
  expect(() => Project.open(writer.folder, 'write')).toThrow(
    expect.objectContaining({ code: 'PROJECT_LOCKED' }),
  );
  Project.open(writer.folder, 'read').close();
  writer.close();
  Project.open(writer.folder, 'write').close();
  expect(() => Project.open(join(writer.folder, 'nothing'), 'write')).toThrow(
    expect.objectContaining({ code: 'NOT_FOUND' }),
  );
});

test.skipIf(process.platform === 'win32')('a writer whose lock is removed goes on alone, or stops', () => {
  const first = Project.create(join(temporaryFolder(), 'p'), 'ada');
  const { folder } = first;
  const say = (project: WritableProject, name: string): number =>
    record(project.store, 'ada', 'class.added', { name });
  expect(say(first, 'a')).toBe(2);
  rmSync(join(folder, 'writer.lock'));
  // Nobody else came: it takes the lock again, and a second writer is kept out.
  expect(say(first, 'b')).toBe(3);
  expect(() => Project.open(folder, 'write')).toThrow(expect.objectContaining({ code: 'PROJECT_LOCKED' }));
  rmSync(join(folder, 'writer.lock'));
  const second = Project.open(folder, 'write');
  expect(say(second, 'c')).toBe(4);
  expect(() => say(first, 'd')).toThrow(
    expect.objectContaining({ code: 'PROJECT_LOCKED', message: expect.stringContaining('open for writing') }),
  );
  first.close();
  expect(say(second, 'e')).toBe(5);
  expect(() => Project.open(folder, 'write')).toThrow(expect.objectContaining({ code: 'PROJECT_LOCKED' }));
  expect(verifyChain(second.store)).toMatchObject({ events: 5, difference: null });
  expect(second.store.batches.labels().map(({ name }) => name)).toEqual(['a', 'b', 'c', 'e']);
  second.close();
});

test.skipIf(process.platform === 'win32')('a project is for its owner alone unless it is shared', () => {
  const rights = (path: string): number => statSync(path).mode & 0o777;
  const before = process.umask(0o022);
  onTestFinished(() => void process.umask(before));
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'own.assay'), 0o755);
  for (const [name, shared] of [
    ['own', false],
    ['new', false],
    ['team', true],
  ] as const)
    Project.create(join(folder, name), 'ada', undefined, shared).close();
  expect(['own', 'new', 'team'].map((name) => rights(join(folder, `${name}.assay`)))).toEqual([
    0o700, 0o700, 0o755,
  ]);
  expect(['own', 'team'].map((name) => isShared(join(folder, `${name}.assay`)))).toEqual([false, true]);
  const settings = join(folder, 'settings');
  new UserSettings(settings).set({ theme: 'dark' });
  workstationKey(settings);
  expect([settings, ...readdirSync(settings).map((name) => join(settings, name))].map(rights)).toEqual([
    0o700, 0o600, 0o600,
  ]);
});

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/folders.ts';
import { record } from '../ledger/ledger.ts';
import { Project } from './project.ts';

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

import { expect, test } from 'vitest';
import { defaultTarget } from './release-draft.ts';

test.each([
  ['/home/ada/parts.assay', 0, '/home/ada/parts-release-1'],
  ['/parts.assay', 2, '/parts-release-3'],
  ['C:\\Data\\parts.assay', 1, 'C:\\Data\\parts-release-2'],
])('a release of %s after %d others is to be %s', (project, releases, target) => {
  expect(defaultTarget(project, releases)).toBe(target);
});

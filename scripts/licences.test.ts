import { expect, test } from 'vitest';
import { folderWith, REPOSITORY, temporaryFolder } from '../test/support/folders.ts';
import { electronRuntime } from './electron-runtime.ts';
import { thirdPartyLicences } from './licences.ts';

const manifest = (name: string, license: string, author = 'Ada') =>
  JSON.stringify({ name, version: '1.0.0', license, author });

const FILES = {
  'package.json': JSON.stringify({ dependencies: { runs: '1' } }),
  'package-lock.json': JSON.stringify({
    packages: {
      'node_modules/runs': { dependencies: { needed: '1' }, optionalDependencies: { 'of-another-os': '1' } },
      'node_modules/runs/node_modules/needed': {},
      'node_modules/of-another-os': {},
      'node_modules/@ui/kit': {},
      'node_modules/tool': {},
    },
  }),
  'node_modules/runs/package.json': manifest('runs', 'MIT'),
  'node_modules/runs/LICENSE': 'Text of runs.',
  'node_modules/runs/node_modules/needed/package.json': manifest('needed', 'ISC'),
  'node_modules/runs/node_modules/needed/licence.md': 'Text of needed.',
  'node_modules/@ui/kit/package.json': manifest('@ui/kit', 'MIT', 'Grace'),
  'node_modules/tool/package.json': manifest('tool', 'MIT'),
  'renderer/app.tsx': "import { Kit } from '@ui/kit/parts';\nimport { own } from './own.ts';\n",
  'renderer/app.test.tsx': "import { test } from 'tool';\n",
  'build/licences/MIT.txt': 'Text of MIT.',
};

test('every package that is shipped is named with its licence: what runs, what is bundled, what those need', () => {
  const text = thirdPartyLicences(folderWith(FILES));
  expect(text.split(/\n\n-{100}\n\n/)).toEqual([
    '@ui/kit 1.0.0 (MIT)\n\nCopyright (c) Grace\n\nText of MIT.',
    'runs 1.0.0 (MIT)\n\nText of runs.',
    'needed 1.0.0 (ISC)\n\nText of needed.',
  ]);
});

test('a package without a licence text of its own has the one that its project publishes', () => {
  const text = thirdPartyLicences(folderWith({ ...FILES, 'build/licences/@ui/kit.txt': 'Text of the kit.' }));
  expect(text).toContain('@ui/kit 1.0.0 (MIT)\n\nText of the kit.\n\n---');
});

test('every package that Assay ships has a licence text', () => {
  expect(thirdPartyLicences(REPOSITORY)).toContain('Copyright (c) Isaac Z. Schlueter and Contributors');
});

test('a package without a licence text, or one that is not known, is refused by name', () => {
  const unknown = { ...FILES, 'node_modules/@ui/kit/package.json': manifest('@ui/kit', 'Odd-1.0') };
  expect(() => thirdPartyLicences(folderWith(unknown))).toThrow(
    '@ui/kit has no licence text: put that of Odd-1.0 into build/licences.',
  );
});

test("what is missing of Electron's runtime is named", () => {
  expect(electronRuntime(temporaryFolder())).toEqual({ missing: 'the package electron is not installed' });
  const installed = { 'node_modules/electron/package.json': '{}' };
  expect(electronRuntime(folderWith(installed))).toEqual({ missing: 'its runtime has not been downloaded' });
  const named = { ...installed, 'node_modules/electron/path.txt': 'electron\n' };
  expect(electronRuntime(folderWith(named))).toEqual({ missing: expect.stringContaining('is incomplete') });
  const whole = folderWith({ ...named, 'node_modules/electron/dist/electron': '' });
  expect(electronRuntime(whole)).toEqual({ binary: expect.stringContaining(whole) });
});

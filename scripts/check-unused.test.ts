import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

const FILES = {
  'package.json': '{ "name": "planted", "type": "module", "devDependencies": { "vitest": "*" } }',
  'cli/main.ts': "import { used } from '../core/some.ts';\nconsole.log(used());\n",
  'core/some.ts':
    'export function used(): number {\n  return inner();\n}\n\nexport function inner(): number {\n  return 1;\n}\n',
  'core/dead.ts': 'export function dead(): number {\n  return 1;\n}\n',
  'core/dead.test.ts':
    "import { test } from 'vitest';\nimport { dead } from './dead.ts';\nimport { inner } from './some.ts';\ntest('x', () => void [dead(), inner()]);\n",
};

/** Runs knip with the repository's configuration over a small tree; returns its findings, '' for none. */
function knip(folder: string, ...args: string[]): string {
  const script = join(root, 'node_modules', 'knip', 'bin', 'knip.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--no-config-hints', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return status === 0 ? '' : `${stdout}${stderr}`;
}

test('a function called only by a test is unused; one called in its own file may be exported for a test', () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-knip-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [file, content] of Object.entries(FILES)) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  cpSync(join(root, 'knip.ts'), join(folder, 'knip.ts'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  expect(knip(folder)).toBe('');
  const said = knip(folder, '--production');
  expect(said).toContain('core/dead.ts');
  expect(said).not.toContain('core/some.ts');
  writeFileSync(join(folder, 'cli', 'main.ts'), `${FILES['cli/main.ts']}import '../core/dead.ts';\n`);
  expect(knip(folder, '--production')).toContain('dead  function  core/dead.ts');
});

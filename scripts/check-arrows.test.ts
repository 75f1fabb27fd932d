import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/support/folders.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Lints one file that imports the given module, under the repository's configuration; returns the findings. */
function lint(file: string, from: string): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, file, '..'), { recursive: true });
  writeFileSync(join(folder, file), `import { a } from '${from}';\nexport const b: number = a;\n`);
  cpSync(join(root, 'oxlint.config.ts'), join(folder, 'oxlint.config.ts'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const script = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');
  const { stdout } = spawnSync(process.execPath, [script, file], { cwd: folder, encoding: 'utf8' });
  expect(stdout).toContain('on 1 file');
  return stdout;
}

test.each([
  ['core/review/x.ts', '../../renderer/app.tsx', 'core/ must not import renderer/'],
  ['rpc/x.ts', '../core/base/version.ts', 'rpc/ must not import core/'],
  ['renderer/x.ts', 'node:fs', 'a window has no Node'],
  ['core/review/x.ts', 'better-sqlite3', 'better-sqlite3 lives in db/ only'],
  ['db/x.ts', '../scripts/y.ts', 'db/ must not import scripts/'],
  ['core/ledger/x.ts', '../review/decide.ts', 'core/ledger/ must not import core/review/'],
  ['core/import/sources/x.ts', '../../queue/policy.ts', 'core/import/ must not import core/queue/'],
])('%s must not import %s', (file, from, message) => {
  expect(lint(file, from)).toContain(message);
});

test.each([
  ['core/review/x.ts', '../ledger/ledger.ts'],
  ['core/review/x.ts', '../../rpc/contract/queue.ts'],
  ['server/x.ts', '@orpc/server'],
  ['db/x.ts', 'better-sqlite3'],
])('%s may import %s', (file, from) => {
  expect(lint(file, from)).not.toContain('no-restricted-imports');
});

test('every flow of core has its place in the order', () => {
  const flows = readdirSync(join(root, 'core'), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [`'${entry.name}'`] : [],
  );
  const order = readFileSync(join(root, 'oxlint.config.ts'), 'utf8').split('const FLOWS')[1]!;
  expect(flows.filter((flow) => !order.includes(flow))).toEqual([]);
});

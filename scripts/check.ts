// `npm run check`: all automatic checks of the source. Runs all of them, then lists the failed ones.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const bin = (name: string): string => `node_modules/.bin/${name}`;

const CHECKS: [what: string, command: string, ...args: string[]][] = [
  ['types, Node', bin('tsc'), '-p', '.'],
  ['types, contract (neither Node nor a window)', bin('tsc'), '-p', 'rpc'],
  ['types, window', bin('tsc'), '-p', 'renderer'],
  ['types, desktop shell', bin('tsc'), '-p', 'electron'],
  [
    'lint and dependency rule',
    process.execPath,
    'node_modules/oxlint/bin/oxlint',
    '--type-aware',
    '--deny-warnings',
  ],
  ['format', bin('oxfmt'), '--check'],
  ['unused code', process.execPath, 'node_modules/knip/bin/knip.js'],
  [
    'code that only tests or the benchmark use',
    process.execPath,
    'node_modules/knip/bin/knip.js',
    '--production',
  ],
  ['schema.sql in step', process.execPath, 'scripts/schema.ts', '--check'],
  ['docs/ledger.md in step', process.execPath, 'scripts/ledger-doc.ts', '--check'],
  ['lock file complete', process.execPath, 'scripts/check-lock.ts'],
  ['no downloads or build outputs', process.execPath, 'scripts/check-files.ts'],
];

const failed: string[] = [];
for (const [what, command, ...args] of CHECKS) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${what}`);
  if (status === 0) continue;
  failed.push(what);
  console.log(`${stdout}${stderr}`);
}
if (failed.length > 0) {
  console.log(`check failed: ${failed.join('; ')}`);
  process.exit(1);
}

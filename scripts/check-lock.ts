// Fails when package-lock.json lacks a package for some platform: `npm install` leaves such ones out in silence, and
// then `npm ci` stops with "Missing: X from lock file". To be run after every change of dependencies.
import { readFileSync } from 'node:fs';

interface LockedPackage {
  version?: string;
  optionalDependencies?: Record<string, string>;
}

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, LockedPackage>;
};
const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
  Object.keys(entry.optionalDependencies ?? {})
    .filter(
      (name) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${path}/node_modules/${name}`],
    )
    .map(
      (name) => `${path.replace('node_modules/', '') || 'the project'} ${entry.version ?? ''} lacks ${name}`,
    ),
);
if (missing.length > 0) {
  console.error(missing.join('\n'));
  process.exit(1);
}

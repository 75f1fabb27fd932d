// Fails when package-lock.json lacks a package for some platform: `npm install` silently omits such packages, and then
// `npm ci` stops with "Missing: X from lock file". Run it after every change of dependencies.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

interface LockedPackage {
  version?: string;
  optionalDependencies?: Record<string, string>;
}

/** The optional packages that locked ones name and the lock file lacks, a line for each. */
export function missingFrom(packages: Record<string, LockedPackage>): string[] {
  return Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`])
      .map(
        (name) =>
          `${path.replace('node_modules/', '') || 'the project'} ${entry.version ?? ''} lacks ${name}`,
      ),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  const missing = missingFrom(packages);
  if (missing.length > 0) console.error(missing.join('\n'));
  process.exitCode = missing.length > 0 ? 1 : 0;
}

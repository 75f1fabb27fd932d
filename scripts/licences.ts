// Gathers the licences of everything in a package: the libraries at run time, and those bundled into the window.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Locked {
  version: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

type Lock = Record<string, Locked | undefined>;

interface Manifest {
  name: string;
  version: string;
  license?: string;
  author?: string | { name: string };
  dependencies?: Record<string, string>;
}

const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i;
const SEPARATOR = `\n\n${'-'.repeat(100)}\n\n`;
const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** Returns the names of the packages that the window's sources import. */
function bundledPackages(root: string): string[] {
  const found = new Set<string>();
  for (const name of readdirSync(join(root, 'renderer'), { recursive: true, encoding: 'utf8' })) {
    if (!/(?<!\.test)\.tsx?$/.test(name)) continue;
    const source = readFileSync(join(root, 'renderer', name), 'utf8');
    for (const [, specifier] of source.matchAll(/(?:from|import) '([^'.][^']*)'/g))
      found.add(specifier!.split('/', specifier!.startsWith('@') ? 2 : 1).join('/'));
  }
  return [...found];
}

/** Returns the paths in node_modules of these packages and all their dependencies installed here. */
function closure(root: string, lock: Lock, names: string[]): string[] {
  const paths = new Set<string>();
  const visit = (name: string, from: string): void => {
    const path = resolveIn(lock, name, from);
    if (path === null || paths.has(path) || !existsSync(join(root, path))) return;
    paths.add(path);
    const { dependencies, optionalDependencies } = lock[path]!;
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) visit(needed, path);
  };
  for (const name of names) visit(name, '');
  return [...paths].toSorted();
}

/** Resolves a package as Node does: in the package's own node_modules, then in the enclosing ones. */
function resolveIn(lock: Lock, name: string, from: string): string | null {
  const parts = from === '' ? [] : from.split('/node_modules/');
  for (let depth = parts.length; depth >= 0; depth--) {
    const outer = parts.slice(0, depth).join('/node_modules/');
    const path = `${outer === '' ? '' : `${outer}/`}node_modules/${name}`;
    if (lock[path]) return path;
  }
  return null;
}

/** Returns a package's own licence texts, those that its project publishes, or the standard text of the licence that it states. */
function textOf(root: string, path: string, { name, license, author }: Manifest): string {
  const folder = join(root, path);
  const own = readdirSync(folder).filter((file) => LICENCE_FILE.test(file));
  if (own.length > 0)
    return own.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join(SEPARATOR);
  const published = join(root, 'build', 'licences', `${name}.txt`);
  if (existsSync(published)) return readFileSync(published, 'utf8').trim();
  const standard = join(root, 'build', 'licences', `${license}.txt`);
  if (license === undefined || !existsSync(standard))
    throw new Error(`${name} has no licence text: put that of ${license} into build/licences.`);
  const holder = typeof author === 'string' ? author : author?.name;
  const gpl = license.startsWith('LGPL')
    ? SEPARATOR + readFileSync(join(root, 'build', 'licences', 'GPL-3.0.txt'), 'utf8').trim()
    : '';
  return `Copyright (c) ${holder ?? `the authors of ${name}`}\n\n${readFileSync(standard, 'utf8').trim()}${gpl}`;
}

/** Returns one text with every third-party licence of a package, by name. Throws if a library has none. */
export function thirdPartyLicences(root: string): string {
  const { packages } = read(join(root, 'package-lock.json')) as { packages: Lock };
  const { dependencies = {} } = read(join(root, 'package.json')) as Manifest;
  const names = [...Object.keys(dependencies), ...bundledPackages(root)];
  return closure(root, packages, names)
    .map((path) => {
      const manifest = read(join(root, path, 'package.json')) as Manifest;
      const { name, version, license = 'see below' } = manifest;
      return `${name} ${version} (${license})\n\n${textOf(root, path, manifest)}`;
    })
    .join(SEPARATOR);
}

// `npm run release -- <version>`: checks, dates the changelog, sets the version, commits and tags. Publishes nothing.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const VERSION = /^(\d+)\.(\d+)\.(\d+)$/;
const OPEN_SECTION = /^## (\S+), unreleased$/m;

/** A planned release, with the new text of its files. */
export interface Release {
  version: string;
  /** New text by path. */
  files: Map<string, string>;
  /** The changelog's section, for the tag. */
  notes: string;
}

/**
 * Plans a release of the project at `root`, without writing. Throws an error naming the remedy if the version does not
 * follow the last one, the changelog has nothing to release, or the schema has no fixture yet.
 */
export function planRelease(root: string, version: string, date: string): Release {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  if (!VERSION.test(version))
    throw new Error(`"${version}" is no version: give three numbers, such as 0.2.0.`);
  const manifest = read('package.json');
  const current = (JSON.parse(manifest) as { version: string }).version;
  const changelog = read('CHANGELOG.md');
  const open = OPEN_SECTION.exec(changelog);
  if (!open)
    throw new Error('CHANGELOG.md has no section "## <version>, unreleased": nothing is to be released.');
  const wasReleased = changelog.includes(`## ${current}, 2`);
  if (compare(version, current) < 0 || (wasReleased && version === current))
    throw new Error(`${version} does not follow ${current}.`);
  const notes = changelog
    .slice(open.index + open[0].length)
    .split(/^## /m)[0]!
    .trim();
  if (notes === '') throw new Error(`The section "${open[0]}" of CHANGELOG.md is empty.`);
  const schema = newest(join(root, 'db', 'migrations'), /^(\d+)-/);
  const fixture = newest(join(root, 'test', 'fixtures', 'projects'), /^v(\d+)\.db\.gz$/);
  if (schema !== fixture)
    throw new Error(
      `Schema ${schema} has no project in test/fixtures/projects/ (the newest is ${fixture}): make one with this version and commit it first.`,
    );
  return {
    version,
    notes,
    files: new Map([
      ['CHANGELOG.md', changelog.replace(open[0], `## ${version}, ${date}`)],
      ['package.json', withVersion(manifest, current, version, 1)],
      ['package-lock.json', withVersion(read('package-lock.json'), current, version, 2)],
    ]),
  };
}

/** Replaces the first `times` mentions of the project's own version, which precede any dependency's. */
function withVersion(text: string, from: string, to: string, times: number): string {
  let changed = text;
  for (let i = 0, at = 0; i < times; i++) {
    const found = changed.indexOf(`"version": "${from}"`, at);
    if (found < 0) throw new Error(`"version": "${from}" was expected ${times} times.`);
    changed = `${changed.slice(0, found)}"version": "${to}"${changed.slice(found + `"version": "${from}"`.length)}`;
    at = found + 1;
  }
  return changed;
}

function newest(folder: string, pattern: RegExp): number {
  return Math.max(0, ...readdirSync(folder).map((name) => Number(pattern.exec(name)?.[1] ?? 0)));
}

/** Compares versions part by part as numbers: negative if `a` comes first. */
function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => VERSION.exec(version)!.slice(1).map(Number));
  return left!.map((part, i) => part - right![i]!).find((difference) => difference !== 0) ?? 0;
}

function run(root: string, command: string, ...args: string[]): string {
  const done = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')} failed.`);
  return done.stdout.trim();
}

/** Plans, checks, writes, commits and tags. The tree must be clean, so that the tag matches what was tested. */
export function release(root: string, version: string, check: () => void): Release {
  if (run(root, 'git', 'status', '--porcelain') !== '')
    throw new Error('There are changes that are not committed: commit or remove them first.');
  const planned = planRelease(root, version, new Date().toISOString().slice(0, 10));
  check();
  for (const [path, text] of planned.files) writeFileSync(join(root, path), text);
  run(root, 'git', 'add', ...planned.files.keys());
  run(root, 'git', 'commit', '--quiet', '--message', `Release ${version}`);
  run(root, 'git', 'tag', '--annotate', `v${version}`, '--message', `${version}\n\n${planned.notes}`);
  return planned;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = fileURLToPath(new URL('../', import.meta.url));
  try {
    const { version } = release(root, process.argv[2] ?? '', () => {
      run(root, process.execPath, 'scripts/check.ts');
      // As many kills and images as a release must bear; other runs try fewer.
      Object.assign(process.env, { ASSAY_KILLS: '100', ASSAY_HUGE: '1000000' });
      run(root, process.execPath, 'scripts/test.ts');
    });
    console.log(
      `v${version} is committed and tagged. Push the tag, then make the packages: docs/desktop.md.`,
    );
  } catch (error) {
    console.error(`assay: ${(error as Error).message}`);
    process.exit(1);
  }
}

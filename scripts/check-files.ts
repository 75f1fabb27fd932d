// Part of `npm run check`: refuses files that do not belong in a repository, such as downloads and build outputs.
import { spawnSync } from 'node:child_process';
import { openSync, readSync, closeSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const MAX_BYTES = 1024 * 1024;

/** Binary files that belong here, by path and why. */
const ALLOWED: readonly [path: RegExp, why: string][] = [
  [/^models\/packs\/[^/]+\/[^/]+\.onnx$/, 'the built-in embedder'],
  [/^models\/testing\/.+\.onnx$/, 'tiny models that the tests load'],
  [/^test\/fixtures\/projects\/v\d+\.db\.gz$/, 'projects of earlier versions'],
  [/^test\/e2e\/screen-goldens\/[^/]+\.webp$/, 'how every screen looks, a quarter of its size'],
  [/^docs\/images\/[^/]+\.png$/, 'screenshots that the README shows'],
  [/^renderer\/public\/[^/]+\.(png|ico|woff2)$/, 'icons and fonts of the pages'],
  [/^build\/[^/]+\.(png|ico|icns)$/, 'icons of the packages'],
];

/** Refused by name, whatever their content. */
const REFUSED =
  /\.(whl|egg|zip|tar|tgz|tbz2?|txz|gz|bz2|xz|zst|br|7z|rar|jar|war|deb|rpm|apk|dmg|iso|exe|dll|so|dylib|node|a|o|pyc|wasm|sqlite3?|db|pt|pth|safetensors|npz?|pkl)$/i;

/** Returns why a file may not be in the repository, or null. `head` is its first bytes. */
export function problemOf(path: string, bytes: number, head: Uint8Array): string | null {
  if (ALLOWED.some(([pattern]) => pattern.test(path))) return null;
  const how = 'Remove it, or list it in scripts/check-files.ts with the reason';
  if (REFUSED.test(path)) return `is an archive, a library or a download. ${how}.`;
  if (bytes > MAX_BYTES) return `is ${bytes} bytes, over ${MAX_BYTES}. ${how}.`;
  if (head.includes(0)) return `is binary. ${how}.`;
  return null;
}

/** Returns paths from `git ls-files`, relative to the root; folders end with a slash. */
function listed(root: string, ...options: string[]): string[] {
  const git = spawnSync('git', ['ls-files', '-z', '--exclude-standard', ...options], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (git.status !== 0) throw new Error(`git ls-files failed: ${git.stderr}`);
  return git.stdout.split('\0').filter(Boolean);
}

/**
 * Checks every file that is in the repository or could be added to it. Ignored files are checked by name: `.gitignore`
 * keeps a wheel out of most commits, but not out of a forced one.
 */
export function problemsIn(root: string): string[] {
  const problems = listed(root, '--cached', '--others').flatMap((path) => {
    const found = statSync(join(root, path), { throwIfNoEntry: false });
    if (!found?.isFile()) return [];
    const problem = problemOf(path, found.size, headOf(join(root, path)));
    return problem === null ? [] : [`${path} ${problem}`];
  });
  const ignored = listed(root, '--others', '--ignored', '--directory').flatMap((path) => {
    const problem = path.endsWith('/') ? null : problemOf(path, 0, new Uint8Array());
    return problem === null ? [] : [`${path} ${problem}`];
  });
  return [...problems, ...ignored];
}

function headOf(file: string): Uint8Array {
  const handle = openSync(file, 'r');
  try {
    const head = new Uint8Array(8192);
    return head.subarray(0, readSync(handle, head));
  } finally {
    closeSync(handle);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = problemsIn(fileURLToPath(new URL('../', import.meta.url)));
  for (const problem of problems) console.log(problem);
  process.exit(problems.length > 0 ? 1 : 0);
}

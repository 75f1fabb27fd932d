// Finds a Chromium for the page tests, and installs Debian's if that needs no password.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const KNOWN = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Returns the browser named by `ASSAY_CHROMIUM`, else one in a usual place, or null. */
export function findChromium(): string | null {
  const named = process.env['ASSAY_CHROMIUM'];
  if (named !== undefined && named !== '') return existsSync(named) ? named : null;
  return KNOWN.find((path) => existsSync(path)) ?? null;
}

/**
 * Like `findChromium`, but installs Debian's package if none is found and this process may: as root, or with a
 * passwordless sudo. Prints what it does. Returns null if it cannot.
 */
export function ensureChromium(): string | null {
  const found = findChromium();
  if (found || !existsSync('/usr/bin/apt-get')) return found;
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const run = (...args: string[]): boolean => {
    const [command, ...rest] = [...prefix, 'apt-get', ...args];
    const { status } = spawnSync(command!, rest, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    return status === 0;
  };
  console.error(
    'assay: installing Chromium from the distribution’s packages for the tests of pages (once) …',
  );
  const install = ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'];
  if (!run(...install) && !(run('update') && run(...install)))
    console.error(
      'assay: that failed, so the tests of pages are skipped; install Chromium, or name one with ASSAY_CHROMIUM.',
    );
  return findChromium();
}

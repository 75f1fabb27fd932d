import { resolve } from 'node:path';

/** Switches that change how a window looks or is drawn, but not what it may do. */
const HARMLESS = new Set([
  'disable-gpu',
  'enable-logging',
  'force-device-scale-factor',
  'high-dpi-support',
  'lang',
  'ozone-platform',
  'ozone-platform-hint',
]);

/** Assay's own arguments: those after the executable and, outside a package, after the path of the code. */
export function ownArguments(argv: readonly string[], isPackaged: boolean): string[] {
  const given = argv.slice(1);
  return isPackaged ? given : given.slice(given.findIndex((argument) => !argument.startsWith('-')) + 1);
}

/**
 * Switches of a start that are not known to be harmless, by name. A list of the harmful ones would have to follow every
 * release of Chromium; a list of the harmless ones only has to grow when somebody misses a switch.
 */
export function refusedSwitches(args: readonly string[]): string[] {
  return args
    .filter((argument) => argument.startsWith('-') && !argument.startsWith('-psn_'))
    .map((argument) => argument.replace(/^-+/, '').split('=')[0]!)
    .filter((name) => !HARMLESS.has(name));
}

/** The project named on the command line, as an absolute path; null if there is none, or if it cannot be a path. */
export function projectArgument(args: readonly string[], cwd: string): string | null {
  const named = args.find((argument) => !argument.startsWith('-'));
  return named === undefined ? null : projectPath(resolve(cwd, named));
}

/** The same for a path from elsewhere. A NUL byte cuts a path short in some system calls and not in others. */
export function projectPath(path: unknown): string | null {
  return typeof path === 'string' && path !== '' && !path.includes('\0') ? path : null;
}

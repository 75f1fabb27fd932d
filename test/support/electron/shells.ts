import { onTestFinished } from 'vitest';
import { buildPreload } from '../../../scripts/transpile.ts';
import { builtPages } from '../../../server/built-pages.ts';
import { CHROMIUM } from '../browser.ts';
import { Shell, type ShellOptions } from './launch.ts';

/** Behind the name of what is skipped where there is no Chromium. */
export const withoutChromium = CHROMIUM
  ? ''
  : ' (skipped: no Chromium here; install it, or name one with ASSAY_CHROMIUM)';

/** What the shell loads besides its sources. */
export async function buildShell(): Promise<void> {
  await builtPages(() => undefined);
  await buildPreload();
}

/** A start of the shell that ends with the test. */
export function startShell(options: Partial<ShellOptions> = {}): Shell {
  const shell = new Shell({ chromium: CHROMIUM!, ...options });
  onTestFinished(() => shell.close());
  return shell;
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Id of the shell's process of that name; 0 where there is none. */
export async function processOf(shell: Shell, serviceName: string): Promise<number> {
  const { processes } = await shell.look();
  return processes.find((known) => known.serviceName === serviceName)?.pid ?? 0;
}

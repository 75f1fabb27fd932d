import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { builtPages } from './built-pages.ts';
import { openBrowser } from './open-browser.ts';
import { serve, type Served } from './serve.ts';

export interface RunOptions {
  port?: number;
  /** Opens the system's browser too. */
  open: boolean;
  /** The screen that the address leads to. */
  route?: string;
  say: (line: string) => void;
  /** How the address is shown on standard output. */
  show?: (url: string) => string;
  /** Called when the server is up, before its address is printed. */
  ready?: (served: Served) => Promise<string | void>;
}

/** Serves in the foreground until Ctrl-C. The addresses are printed on standard output only. */
export async function runServer({
  port = 0,
  open,
  route = '',
  say,
  show = (url) => `Assay is at ${url}`,
  ready,
}: RunOptions): Promise<void> {
  const served = await serve({ pages: await builtPages(say), port, say });
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  try {
    const screen = (await ready?.(served)) ?? route;
    const url = served.newUrl(screen);
    process.stdout.write(`${show(url)}\n`);
    say('The address lets one window in, within five minutes. Press Enter for another one, Ctrl-C to stop.');
    if (open) openBrowser(url);
    const lines = createInterface({ input: process.stdin as Readable });
    lines.on('line', () => process.stdout.write(`${show(served.newUrl(screen))}\n`));
    await stopped;
    lines.close();
  } finally {
    await served.close();
  }
}

/** The route of a project's screen: the folder is encoded on its own, since it holds slashes. */
export function projectRoute(folder: string): string {
  return `/p/${encodeURIComponent(folder)}/overview`;
}

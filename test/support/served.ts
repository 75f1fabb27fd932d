import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtPages } from '../../server/built-pages.ts';
import { projectRoute } from '../../server/run.ts';
import { serve, type ServeOptions } from '../../server/serve.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';

export interface ServedWorkbench {
  /** An address with a token: opens one window, once. */
  url: string;
  origin: string;
  newUrl: (route?: string) => string;
  /** The server's own client of the core in its child process. */
  core: () => CoreClient;
  corePid: () => number | undefined;
  /** What the server said, line by line. */
  said: string[];
  close: () => Promise<void>;
}

/**
 * The browser host as it ships, with a core in a child process of its own: on the built pages, built now where they are
 * older than their sources, and with `project` on the first screen. The caller closes it.
 */
export async function startServed(
  project?: string,
  options: Partial<Pick<ServeOptions, 'pages' | 'port' | 'now'>> = {},
): Promise<ServedWorkbench> {
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  const served = await serve({ ...options, pages: options.pages ?? (await builtPages(say)), say });
  const route = project === undefined ? '' : projectRoute(project);
  return { ...served, said, newUrl: (to = route) => served.newUrl(to), url: served.newUrl(route) };
}

/** A folder with the smallest page, for tests of the server alone. The caller removes it. */
export function smallPages(): { pages: string; remove: () => void } {
  const pages = mkdtempSync(join(tmpdir(), 'assay-pages-'));
  writeFileSync(join(pages, 'index.html'), '<!doctype html><title>Assay</title>');
  writeFileSync(join(pages, 'main.js'), 'export {};');
  writeFileSync(join(pages, 'notes.md'), 'not for windows');
  return { pages, remove: () => rmSync(pages, { recursive: true, force: true }) };
}

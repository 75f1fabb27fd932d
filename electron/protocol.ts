import { protocol } from 'electron';
import type { CoreClient } from '../rpc/transport/client.ts';
import { RENDERER, SCHEME } from './addresses.ts';
import { answer, readPages } from './site.ts';

/**
 * A scheme of our own, with an origin like a web site's. Fetching it is allowed only together with CORS, without which
 * any other page could read it; it never bypasses the content security policy. Call it before the app is ready.
 */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true },
    },
  ]);
}

/** Serves the window's side and the pictures. Call it when the app is ready. */
export function serveScheme(core: () => Promise<CoreClient>): void {
  const pages = readPages(RENDERER);
  protocol.handle(SCHEME, (request) => answer(request, pages, core));
}

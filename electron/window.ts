import { join } from 'node:path';
import { app, BrowserWindow, screen } from 'electron';
import { PAGE, PRELOAD } from './addresses.ts';
import { WEB_PREFERENCES } from './guard.ts';
import { readWindowState, writeWindowState } from './window-state.ts';

const DEFAULT_SIZE = { width: 1440, height: 900 };

/** Opens a window, on a project where one is given. Needs a ready `app`. */
export function openWindow(project: string | null): BrowserWindow {
  const file = join(app.getPath('userData'), 'window.json');
  const kept = readWindowState(
    file,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    ...(kept?.bounds ?? DEFAULT_SIZE),
    minWidth: 800,
    minHeight: 600,
    title: 'Assay',
    // The background of the dark theme: no white flash before the page is there.
    backgroundColor: '#1b1c1e',
    show: false,
    webPreferences: { ...WEB_PREFERENCES, preload: PRELOAD },
  });
  if (kept?.isMaximised) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () =>
    writeWindowState(file, { bounds: window.getNormalBounds(), isMaximised: window.isMaximized() }),
  );
  // What a page held is on disk or can be asked for again; its address says where it was.
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') window.webContents.reload();
  });
  void window.loadURL(addressOf(project));
  return window;
}

/** The page's address, with the route that shows a project. */
function addressOf(project: string | null): string {
  return project === null ? PAGE : `${PAGE}#/p/${encodeURIComponent(project)}/overview`;
}

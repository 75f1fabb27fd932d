/** The main process: it opens windows, starts the core, and hands ports from one to the other. No data passes through it. */
import { join } from 'node:path';
import { app, BrowserWindow, Menu, type MessagePortMain } from 'electron';
import { CoreSupervisor } from '../rpc/core-supervisor.ts';
import { SOURCE_PACKS } from './addresses.ts';
import { ownArguments, projectArgument, projectPath, refusedSwitches } from './arguments.ts';
import { guardContents, guardSession } from './guard.ts';
import type { RecentProject } from '../rpc/contract/settings.ts';
import { menuTemplate } from './menu.ts';
import { registerScheme, serveScheme } from './protocol.ts';
import { startCore } from './start-core.ts';
import { openWindow } from './window.ts';
import { answerWindows, askWindow, tellWindows } from './windows.ts';

const args = ownArguments(process.argv, app.isPackaged);
const project = projectArgument(args, process.cwd());

type Core = CoreSupervisor<MessagePortMain>;

/** A file that a start was asked to open by the system. */
let opened: string | null = null;

function start(): void {
  app.enableSandbox();
  registerScheme();
  guardContents();
  const builtInPacks = app.isPackaged ? join(process.resourcesPath, 'packs') : SOURCE_PACKS;
  const core: Core = new CoreSupervisor({
    start: (keySecret, events) => startCore(keySecret, builtInPacks, events),
    changed(state) {
      tellWindows(core, state);
      if (state.state === 'running') void followRecent(core);
    },
  });
  app.on('second-instance', (_event, _args, _cwd, given) => {
    const folder = projectPath((given as { project?: unknown } | null)?.project);
    if (BrowserWindow.getAllWindows().length === 0) show(core, folder);
    else askWindow(folder === null ? null : { kind: 'open-project', folder });
  });
  // macOS hands files that are opened to the one that runs, and to one that starts before it is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    const file = projectPath(path);
    if (!app.isReady()) opened = file;
    else if (BrowserWindow.getAllWindows().length === 0) show(core, file);
    else if (file !== null) askWindow({ kind: 'open-project', folder: file });
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) show(core, null);
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('before-quit', (event) => {
    if (core.pid === undefined) return;
    event.preventDefault();
    void core.stop().then(() => app.quit());
  });
  void app.whenReady().then(() => {
    setMenu([]);
    guardSession();
    serveScheme(() => core.ready());
    answerWindows(core);
    // A first core that dies is replaced like any other; `changed` has been called.
    void core.start().catch(() => undefined);
    show(core, opened ?? project);
  });
}

function show(core: Core, folder: string | null): void {
  const window = openWindow(folder);
  // Commands open projects too, and folders go away.
  window.on('focus', () => {
    if (core.isRunning) void core.client.settings.recent().then(setMenu, () => undefined);
  });
}

/** Keeps the menu's projects those that were opened last, until this core is gone: another one is followed anew. */
async function followRecent(core: Core): Promise<void> {
  try {
    for await (const recent of await core.client.settings.watchRecent()) setMenu(recent);
  } catch {
    // The windows say how the core is.
  }
}

function setMenu(recent: RecentProject[]): void {
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({
        recent,
        isMac: process.platform === 'darwin',
        isPackaged: app.isPackaged,
        ask: askWindow,
      }),
    ),
  );
}

const refused = app.isPackaged ? refusedSwitches(args) : [];
if (refused.length > 0) {
  process.stderr.write(`assay: --${refused.join(', --')} cannot be used: start Assay without it.\n`);
  app.exit(2);
} else if (app.requestSingleInstanceLock({ project })) start();
// Another one is running: it was told which project to show.
else app.exit(0);

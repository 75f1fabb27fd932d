import {
  BrowserWindow,
  dialog,
  ipcMain,
  type IpcMainEvent,
  type MessagePortMain,
  type WebContents,
} from 'electron';
import * as z from 'zod';
import type { CoreState, MenuCommand } from '../rpc/bridge.ts';
import type { CoreSupervisor } from '../rpc/core-supervisor.ts';
import { projectPath } from './arguments.ts';
import { isOwnPage } from './guard.ts';
import { CHANNELS } from './messages.ts';

const PickSchema = z.strictObject({
  what: z.enum(['folder', 'file']),
  title: z
    .string()
    .max(200)
    .refine((title) => !title.includes('\0')),
});

/** The pages that asked for the core: each gets a port, and a new one whenever the core has been restarted. */
const asking = new Set<WebContents>();

/** Answers the preload script's requests, and only those that come from the page itself. */
export function answerWindows(core: CoreSupervisor<MessagePortMain>): void {
  ipcMain.on(CHANNELS.port, (event) => {
    if (!isOwnPage(event)) return;
    remember(event);
    if (core.isRunning) event.sender.postMessage(CHANNELS.port, null, [core.connect()]);
  });
  ipcMain.handle(CHANNELS.pick, async (event, given: unknown) => {
    if (!isOwnPage(event)) throw new Error('Not from the page.');
    const { what, title } = PickSchema.parse(given);
    const window = BrowserWindow.fromWebContents(event.sender);
    if (!window) return null;
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title,
      properties: what === 'folder' ? ['openDirectory', 'createDirectory'] : ['openFile'],
    });
    return canceled ? null : projectPath(filePaths[0]);
  });
}

function remember({ sender }: IpcMainEvent): void {
  if (asking.has(sender)) return;
  asking.add(sender);
  sender.once('destroyed', () => asking.delete(sender));
}

/** Tells every window how the core is, and hands out new ports when there is a new core. */
export function tellWindows(core: CoreSupervisor<MessagePortMain>, state: CoreState): void {
  for (const contents of asking) {
    contents.send(CHANNELS.core, state);
    if (state.state === 'running') contents.postMessage(CHANNELS.port, null, [core.connect()]);
  }
}

/** Brings the window to the front and passes the command to it. */
export function askWindow(command: MenuCommand | null): void {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  if (!window) return;
  if (window.isMinimized()) window.restore();
  window.focus();
  if (command) window.webContents.send(CHANNELS.menu, command);
}

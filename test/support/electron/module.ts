/**
 * The few parts of Electron that the shell uses, over real processes and a real Chromium. What a page, a utility
 * process or the main process sees of them is what Electron's documentation says; windows have no frame.
 */
import './control.ts';

export { app } from './app.ts';
export { dialog } from './control.ts';
export { Menu } from './menu.ts';
export { Channel as MessageChannelMain } from './ports.ts';
export { protocol, session } from './session.ts';
export { utilityProcess } from './utility-process.ts';
export { ipcMain } from './web-contents.ts';
export { BrowserWindow } from './windows.ts';

export const screen = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
};

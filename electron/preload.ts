/**
 * All that a page can ask of the shell. Runs sandboxed, apart from the page, and is built into one CommonJS file. What
 * it gives to the page are plain values: no Electron event, and nothing that gives access to more.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { PORT_MESSAGE, type AssayBridge, type CoreState, type MenuCommand } from '../rpc/bridge.ts';
import { CHANNELS } from './messages.ts';

// Named in the window's options as well: a page that gets either is not shown the bridge.
if (!process.sandboxed || !process.contextIsolated) throw new Error('This window is not isolated.');

ipcRenderer.on(CHANNELS.port, ({ ports }) => {
  // A port cannot cross the bridge; it can be posted to the page's own window.
  window.postMessage(PORT_MESSAGE, '/', ports);
});

function listen(channel: string, callback: (value: unknown) => void): () => void {
  const listener = (_event: unknown, value: unknown): void => callback(value);
  ipcRenderer.on(channel, listener);
  return () => {
    ipcRenderer.off(channel, listener);
  };
}

async function pick(what: 'folder' | 'file', title: string): Promise<string | null> {
  return (await ipcRenderer.invoke(CHANNELS.pick, { what, title })) as string | null;
}

const bridge: AssayBridge = {
  host: 'electron',
  requestPort: () => ipcRenderer.send(CHANNELS.port),
  onCore: (callback) => listen(CHANNELS.core, (state) => callback(state as CoreState)),
  onMenu: (callback) => listen(CHANNELS.menu, (command) => callback(command as MenuCommand)),
  pickFolder: (title) => pick('folder', title),
  pickFile: (title) => pick('file', title),
  pathOf: (file) => (file instanceof File ? webUtils.getPathForFile(file) : ''),
};
contextBridge.exposeInMainWorld('assay', bridge);

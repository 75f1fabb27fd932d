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

function onCore(callback: (state: CoreState) => void): () => void {
  const listener = (_event: unknown, state: CoreState): void => callback(state);
  ipcRenderer.on(CHANNELS.core, listener);
  return () => {
    ipcRenderer.off(CHANNELS.core, listener);
  };
}

const menuListeners = new Set<(command: MenuCommand) => void>();
/** What came before the page listened: a second start can hand its project over while the page still loads. */
const unheard: MenuCommand[] = [];
ipcRenderer.on(CHANNELS.menu, (_event, command: MenuCommand) => {
  if (menuListeners.size === 0) unheard.push(command);
  for (const callback of menuListeners) callback(command);
});

function onMenu(callback: (command: MenuCommand) => void): () => void {
  menuListeners.add(callback);
  for (const command of unheard.splice(0)) callback(command);
  return () => {
    menuListeners.delete(callback);
  };
}

async function pick(what: 'folder' | 'file', title: string): Promise<string | null> {
  return (await ipcRenderer.invoke(CHANNELS.pick, { what, title })) as string | null;
}

const bridge: AssayBridge = {
  host: 'electron',
  requestPort: () => ipcRenderer.send(CHANNELS.port),
  onCore,
  onMenu,
  pickFolder: (title) => pick('folder', title),
  pickFile: (title) => pick('file', title),
  pathOf: (file) => (file instanceof File ? webUtils.getPathForFile(file) : ''),
};
contextBridge.exposeInMainWorld('assay', bridge);

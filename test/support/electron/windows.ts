import { EventEmitter } from 'node:events';
import { app, StoppableEvent } from './app.ts';
import { browser, fromBrowser } from './browser.ts';
import { WebContents, type WindowOptions } from './web-contents.ts';

const windows = new Set<BrowserWindow>();
const desktop: { focused: BrowserWindow | null } = { focused: null };

export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents;
  readonly options: WindowOptions;
  isShown = false;

  constructor(options: WindowOptions) {
    super();
    this.options = options;
    this.webContents = new WebContents(options);
    windows.add(this);
    desktop.focused = this;
    this.webContents.once('dom-ready', () => this.emit('ready-to-show'));
    this.webContents.once('destroyed', () => this.#closed());
  }

  #closed(): void {
    if (!windows.delete(this)) return;
    if (desktop.focused === this) desktop.focused = null;
    this.emit('closed');
    if (windows.size === 0) app.emit('window-all-closed');
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows];
  }

  static getFocusedWindow(): BrowserWindow | null {
    return desktop.focused;
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return [...windows].find((window) => window.webContents === contents) ?? null;
  }

  loadURL(address: string): Promise<void> {
    return this.webContents.loadURL(address);
  }

  async close(): Promise<boolean> {
    const event = new StoppableEvent();
    this.emit('close', event);
    if (event.defaultPrevented) return false;
    const page = await this.webContents.page;
    await page.close();
    return true;
  }

  show(): void {
    this.isShown = true;
  }

  focus(): void {
    desktop.focused = this;
    this.emit('focus');
  }

  restore(): void {}

  maximize(): void {}

  isMinimized(): boolean {
    return false;
  }

  isMaximized(): boolean {
    return false;
  }

  getNormalBounds() {
    const { width = 800, height = 600 } = this.options;
    return { x: 0, y: 0, width, height };
  }
}

app.closeWindows = async () => {
  const closed = await Promise.all([...windows].map((window) => window.close()));
  return closed.every(Boolean);
};

browser.onNavigation((page, request) => {
  const contents = [...windows].map((window) => window.webContents).find((known) => known.shown === page);
  const isMainFrame = request.frame() === page.mainFrame();
  if (!contents || (isMainFrame && request.url() === contents.expected.replace(/#.*$/s, ''))) return true;
  const event = Object.assign(new StoppableEvent(), { url: fromBrowser(request.url()), isMainFrame });
  contents.emit('will-frame-navigate', event);
  if (isMainFrame) contents.emit('will-navigate', event);
  return !event.defaultPrevented;
});

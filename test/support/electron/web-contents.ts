import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { CDPSession, Page } from '@playwright/test';
import { app, StoppableEvent } from './app.ts';
import { addBinding } from './binding.ts';
import { browser, fromBrowser, toBrowser } from './browser.ts';
import { PortWires, type Envelope, type Port } from './ports.ts';
import { session } from './session.ts';

const PAGE_SIDE = readFileSync(new URL('./page-side.js', import.meta.url), 'utf8').replace('export ', '');
/** What pages may ask for, by the names that Chromium and Electron have for it. */
const PERMISSIONS = { geolocation: 'geolocation', notifications: 'notifications', midi: 'midi' };

type Call =
  | Exclude<Envelope, { standIn: 'message' }>
  | { ipc: 'send' | 'invoke' | 'window-open'; channel: string; args: unknown[]; id: number };
type ToPage = Envelope | { standIn: 'reply'; id: number; answer?: unknown; error?: string };

export interface WindowOptions {
  width?: number;
  height?: number;
  webPreferences?: { preload?: string } & Record<string, unknown>;
}

export const ipcMain = new (class extends EventEmitter {
  readonly handlers = new Map<string, (event: unknown, ...args: unknown[]) => unknown>();

  handle(channel: string, handler: (event: unknown, ...args: unknown[]) => unknown): void {
    this.handlers.set(channel, handler);
  }
})();

export class WebContents extends EventEmitter {
  readonly page: Promise<Page>;
  shown: Page | null = null;
  /** Where the main process sends the page, which is not asked about. */
  expected = '';
  #wires: PortWires;
  /** The one that the page shows, once it has spoken. */
  #document: number | undefined;
  #openWindow: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
  #sent: Promise<void> = Promise.resolve();

  constructor(options: WindowOptions) {
    super();
    this.#wires = this.#newWires();
    this.page = this.#open(options);
    app.emit('web-contents-created', {}, this);
  }

  async #open({ webPreferences: { preload, ...webPreferences } = {} }: WindowOptions): Promise<Page> {
    const page = await browser.context.newPage();
    this.shown = page;
    page.on('popup', (popup) => {
      if (this.#openWindow({ url: popup.url() }).action === 'deny') void popup.close();
    });
    const frames = new Map<number, string>();
    const protocol = await addBinding(page, '__standInCall', (text, contextId) =>
      this.#called(protocol, frames.get(contextId), JSON.parse(text) as Call),
    );
    protocol.on('Runtime.executionContextCreated', ({ context: { id, auxData } }) =>
      frames.set(id, (auxData as { frameId: string }).frameId),
    );
    protocol.on('Page.navigatedWithinDocument', ({ url }) =>
      this.emit('did-navigate-in-page', {}, fromBrowser(url), true),
    );
    await protocol.send('Runtime.enable');
    await protocol.send('Page.enable');
    const settings = JSON.stringify({ webPreferences });
    const script = preload === undefined ? '' : readFileSync(preload, 'utf8');
    await page.addInitScript(
      `(() => {\n${PAGE_SIDE}standInPage(${settings}, (require, module, exports, process) => {\n${script}\n});\n})()`,
    );
    for (const [name, permission] of Object.entries(PERMISSIONS)) {
      const setting = (await session.defaultSession.isGranted(permission)) ? 'granted' : 'denied';
      await protocol.send('Browser.setPermission', { permission: { name }, setting });
    }
    page.on('domcontentloaded', () => this.emit('dom-ready'));
    page.on('download', (download) => {
      const event = new StoppableEvent();
      session.defaultSession.emit('will-download', event);
      if (event.defaultPrevented) void download.cancel();
    });
    page.on('crash', () => this.emit('render-process-gone', {}, { reason: 'crashed' }));
    page.on('close', () => {
      this.#wires.closeAll();
      this.emit('destroyed');
    });
    return page;
  }

  #newWires(): PortWires {
    return new PortWires((envelope) => this.#deliver(envelope));
  }

  #deliver(envelope: ToPage): void {
    const to = this.#document;
    this.#sent = this.#sent.then(async () => {
      const page = await this.page;
      const call = `window.__standInReceive?.(${JSON.stringify(envelope)}, ${to})`;
      // A page that is gone, or going on to another one, misses what was meant for it.
      await page.evaluate(call).catch(() => undefined);
    });
  }

  async #called(
    protocol: CDPSession,
    frameId: string | undefined,
    call: Call & { document?: number },
  ): Promise<void> {
    if (call.document !== undefined && call.document !== this.#document) {
      // A new document has none of the old one's ports.
      this.#document = call.document;
      this.#wires.closeAll();
      this.#wires = this.#newWires();
    }
    if ('standIn' in call) return this.#wires.receive(call);
    const senderFrame = await frameOf(protocol, frameId);
    const event = { sender: this, senderFrame, ports: [] };
    if (call.ipc === 'window-open') return void this.#openWindow({ url: String(call.args[0]) });
    if (call.ipc === 'send') return void ipcMain.emit(call.channel, event, ...call.args);
    const { id } = call;
    try {
      const handler = ipcMain.handlers.get(call.channel);
      if (!handler) throw new Error(`No handler registered for '${call.channel}'`);
      this.#deliver({ standIn: 'reply', id, answer: await handler(event, ...call.args) });
    } catch (error) {
      this.#deliver({ standIn: 'reply', id, error: (error as Error).message });
    }
  }

  getType(): string {
    return 'window';
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.#openWindow = handler;
  }

  postMessage(channel: string, message: unknown, ports: Port[] = []): void {
    this.#wires.send(channel, [message], ports);
  }

  send(channel: string, ...args: unknown[]): void {
    this.#wires.send(channel, structuredClone(args), []);
  }

  async loadURL(address: string): Promise<void> {
    const page = await this.page;
    this.expected = toBrowser(address);
    await page.goto(this.expected).catch((error: unknown) => {
      if (!page.isClosed()) throw error;
    });
  }

  reload(): void {
    void this.page.then((page) => page.reload());
  }

  close(): void {
    void this.page.then((page) => page.close());
  }
}

/** The frame that a message came from, as the main process sees it. */
async function frameOf(protocol: CDPSession, id: string | undefined) {
  const { frameTree } = await protocol.send('Page.getFrameTree');
  const all = (tree: typeof frameTree): (typeof frameTree.frame)[] => [
    tree.frame,
    ...(tree.childFrames ?? []).flatMap(all),
  ];
  const frame = all(frameTree).find((known) => known.id === id);
  if (!frame) return null;
  const url = fromBrowser(frame.url);
  // Of a scheme that it does not know, Node says no origin.
  const origin = /^assay:\/\/[^/]*/.exec(url)?.[0] ?? new URL(url).origin;
  return { url, origin, parent: frame.parentId === undefined ? null : { id: frame.parentId } };
}

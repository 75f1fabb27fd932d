// In every page before its own scripts, as a preload script's isolated world would be: the renderer's half of Electron.
// windows.ts calls it with the window's options and the preload script; `__standInCall` is a binding that reaches the main process.
export const standInPage = (settings, preload) => {
  if (window !== window.top) return;
  const raw = window.__standInCall;
  const waiting = new Map();
  // Of two documents of a page, one after the other, each has its own ports.
  const document = Math.random();
  const call = (message) => raw(JSON.stringify({ ...message, document }));
  const ask = (message) =>
    new Promise((resolve, reject) => {
      const id = waiting.size + 1;
      waiting.set(id, { resolve, reject });
      call({ ...message, id });
    });
  const listeners = new Map();
  const ports = new Map();
  const paths = new Map();

  const give = (id) => {
    const { port1, port2 } = new MessageChannel();
    ports.set(id, port1);
    port1.onmessage = ({ data }) => call({ standIn: 'port', port: id, data });
    port1.addEventListener('close', () => ports.delete(id) && call({ standIn: 'close', port: id }));
    return port2;
  };
  Object.defineProperty(window, '__standInReceive', {
    value: (envelope, to) => {
      if (to !== document) return;
      if (envelope.standIn === 'port') ports.get(envelope.port)?.postMessage(envelope.data);
      else if (envelope.standIn === 'close') {
        ports.get(envelope.port)?.close();
        ports.delete(envelope.port);
      } else if (envelope.standIn === 'reply') {
        const asked = waiting.get(envelope.id);
        // A test may have asked past the bridge.
        if (!asked) window.__standInHeard?.(envelope);
        else if (envelope.error === undefined) asked.resolve(envelope.answer);
        else asked.reject(new Error(envelope.error));
      } else {
        const event = { ports: envelope.ports.map(give), sender: ipcRenderer };
        for (const listener of listeners.get(envelope.channel) ?? []) listener(event, ...envelope.data);
      }
    },
  });
  // For the tests: where a file that a page is about to be given lies.
  Object.defineProperty(window, '__standInPaths', { value: paths });

  const ipcRenderer = {
    send: (channel, ...args) => call({ ipc: 'send', channel, args }),
    invoke: (channel, ...args) => ask({ ipc: 'invoke', channel, args }),
    on(channel, listener) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      return ipcRenderer;
    },
    off(channel, listener) {
      listeners.set(
        channel,
        (listeners.get(channel) ?? []).filter((known) => known !== listener),
      );
      return ipcRenderer;
    },
  };

  // Values cross the bridge as copies, and functions as functions that copy what goes in and comes out.
  const cross = (value) => {
    if (typeof value === 'function')
      return (...args) => {
        const result = value(...args.map(cross));
        return result instanceof Promise ? result.then(cross) : cross(result);
      };
    if (value instanceof MessagePort || value instanceof Event)
      throw new TypeError('An object could not be cloned.');
    if (typeof value !== 'object' || value === null || value instanceof Blob) return value;
    if (Array.isArray(value)) return Object.freeze(value.map(cross));
    return Object.freeze(
      Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cross(inner)])),
    );
  };
  const contextBridge = {
    exposeInMainWorld(name, api) {
      Object.defineProperty(window, name, { value: cross(api), configurable: false, writable: false });
    },
  };
  const webUtils = { getPathForFile: (file) => paths.get(file.name) ?? '' };

  const openWindow = (address) => {
    call({ ipc: 'window-open', channel: '', args: [String(address ?? 'about:blank')] });
    return null;
  };
  Object.defineProperty(window, 'open', { value: openWindow });

  const process = Object.freeze({
    sandboxed: settings.webPreferences.sandbox === true,
    contextIsolated: settings.webPreferences.contextIsolation === true,
  });
  const require = (name) => {
    if (name !== 'electron') throw new Error(`module not found: ${name}`);
    return { contextBridge, ipcRenderer, webUtils };
  };
  const module = { exports: {} };
  preload(require, module, module.exports, process);
};

/** What the application menu, or a second start of the application, asks of a window. */
export type MenuCommand =
  | { kind: 'new-project' }
  | { kind: 'choose-project' }
  | { kind: 'open-project'; folder: string }
  | { kind: 'open-sample' }
  | { kind: 'import' }
  | { kind: 'show-keys' };

/** The core's process as a window's host sees it. `failing`: it dies again and again; the host keeps trying. */
export interface CoreState {
  state: 'running' | 'restarting' | 'failing';
  /** A sentence for people; empty while it runs. */
  message: string;
}

/** Data of the window message that carries a port to the core. */
export const PORT_MESSAGE = 'assay:port';

/** What a desktop window has and a browser's has not: `window.assay`, put there by the preload script. */
export interface AssayBridge {
  readonly host: 'electron';
  /**
   * Asks for a port to the core. It comes as a `message` event of the window, as soon as the core runs; another one
   * comes unasked each time the core has been restarted. `portsOf` listens for both.
   */
  requestPort(): void;
  /** Listens for changes of the core's state. Returns an unsubscribe function. */
  onCore(callback: (state: CoreState) => void): () => void;
  /** The system's dialogs; null when nothing was chosen. */
  pickFolder(title: string): Promise<string | null>;
  pickFile(title: string): Promise<string | null>;
  /** Listens for menu commands. Returns an unsubscribe function. */
  onMenu(callback: (command: MenuCommand) => void): () => void;
  /** Path of a dropped file or folder; empty if it is not on this machine. */
  pathOf(file: object): string;
}

interface PortEvent<Port> {
  data: unknown;
  source: unknown;
  ports: readonly Port[];
}

/** The part of a window that is needed to listen for ports. */
export interface PortWindow<Port> {
  addEventListener(type: 'message', listener: (event: PortEvent<Port>) => void): void;
  removeEventListener(type: 'message', listener: (event: PortEvent<Port>) => void): void;
}

interface ClosablePort {
  dispatchEvent(event: Event): boolean;
}

/**
 * Calls back with each port to the core that the host brings, and asks for the first one. A port cannot cross the
 * bridge as an argument: it comes as a message that the preload script posts to its own window. Nor does a port notice
 * that the process at its other end has died: the host tells, and `close` is dispatched on the port.
 */
export function portsOf<Port extends ClosablePort>(
  window: PortWindow<Port>,
  bridge: Pick<AssayBridge, 'requestPort' | 'onCore'>,
  callback: (port: Port) => void,
): () => void {
  let current: Port | null = null;
  const close = (): void => {
    current?.dispatchEvent(new Event('close'));
    current = null;
  };
  const listener = ({ data, source, ports: [port] }: PortEvent<Port>): void => {
    if (source !== window || data !== PORT_MESSAGE || !port) return;
    close();
    current = port;
    callback(port);
  };
  const ignoreCore = bridge.onCore(({ state }) => {
    if (state !== 'running') close();
  });
  window.addEventListener('message', listener);
  bridge.requestPort();
  return () => {
    ignoreCore();
    window.removeEventListener('message', listener);
  };
}

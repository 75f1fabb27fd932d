import { EventEmitter } from 'node:events';
import { app } from './app.ts';

type RequestHandler = (contents: unknown, permission: string, answer: (granted: boolean) => void) => void;
type CheckHandler = (contents: unknown, permission: string) => boolean;
type BeforeRequest = (details: { url: string }, answer: (response: { cancel?: boolean }) => void) => void;

class Session extends EventEmitter {
  #request: RequestHandler | null = null;
  #check: CheckHandler | null = null;
  #before: BeforeRequest | null = null;
  /** Names of the handlers that were set, for tests of those that no page can reach here. */
  readonly handlers = new Set<string>();
  readonly webRequest = {
    onBeforeRequest: (listener: BeforeRequest): void => {
      this.#before = listener;
    },
  };

  setPermissionRequestHandler(handler: RequestHandler): void {
    this.#request = handler;
  }

  setPermissionCheckHandler(handler: CheckHandler): void {
    this.#check = handler;
  }

  setDevicePermissionHandler(handler: () => boolean): void {
    if (!handler()) this.handlers.add('device');
  }

  setDisplayMediaRequestHandler(
    handler: (request: object, answer: (streams: unknown) => void) => void,
  ): void {
    handler({}, (streams) => streams === null && this.handlers.add('display-media'));
  }

  setBluetoothPairingHandler(
    handler: (details: object, answer: (response: { confirmed: boolean }) => void) => void,
  ): void {
    handler({}, ({ confirmed }) => !confirmed && this.handlers.add('bluetooth'));
  }

  /** Electron grants what no handler denies. */
  async isGranted(permission: string): Promise<boolean> {
    const request = this.#request;
    const requested = request
      ? await new Promise<boolean>((resolve) => request(null, permission, resolve))
      : true;
    return requested && (this.#check?.(null, permission) ?? true);
  }

  async isCancelled(url: string): Promise<boolean> {
    const before = this.#before;
    if (!before) return false;
    return new Promise((resolve) => before({ url }, ({ cancel = false }) => resolve(cancel)));
  }
}

export const session = { defaultSession: new Session() };

interface Scheme {
  scheme: string;
  privileges: Record<string, boolean>;
}

export const schemes: Scheme[] = [];
const handlers = new Map<string, (request: Request) => Promise<Response> | Response>();

export const protocol = {
  registerSchemesAsPrivileged(given: Scheme[]): void {
    if (app.isReady)
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    if (schemes.length > 0) throw new Error('protocol.registerSchemesAsPrivileged can be called only once');
    schemes.push(...given);
  },
  handle(scheme: string, handler: (request: Request) => Promise<Response> | Response): void {
    handlers.set(scheme, handler);
  },
};

/** What the scheme's handler answers; null where nobody handles it. */
export async function requestOf(address: string, method: string): Promise<Response | null> {
  const handler = handlers.get(address.split(':')[0]!);
  return (await handler?.(new Request(address, { method }))) ?? null;
}

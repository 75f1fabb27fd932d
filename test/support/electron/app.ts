import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An event that a listener may stop. */
export class StoppableEvent {
  defaultPrevented = false;

  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

const userData = process.env['STAND_IN_USER_DATA'] ?? '';
const lockFile = join(userData, 'SingletonLock');
const told = join(userData, 'second-instances');

class App extends EventEmitter {
  readonly isPackaged = process.env['STAND_IN_PACKAGED'] === '1';
  isReady = false;
  isSandboxed = false;
  /** Set by the windows: closes all, and says whether none refused. */
  closeWindows: () => Promise<boolean> = () => Promise.resolve(true);
  #start: () => Promise<void> = () => Promise.resolve();
  #ready: Promise<void> | undefined;

  /** What has to be there before the app is ready. */
  beforeReady(start: () => Promise<void>): void {
    this.#start = start;
  }

  whenReady(): Promise<void> {
    return (this.#ready ??= this.#start().then(() => {
      this.isReady = true;
      this.emit('ready');
    }));
  }

  enableSandbox(): void {
    if (this.isReady) throw new Error('app.enableSandbox() can only be called before app is ready');
    this.isSandboxed = true;
  }

  getPath(name: string): string {
    if (name !== 'userData') throw new Error(`The stand-in has no path "${name}".`);
    return userData;
  }

  requestSingleInstanceLock(data: object = {}): boolean {
    mkdirSync(told, { recursive: true });
    if (existsSync(lockFile) && isAlive(Number(readFileSync(lockFile, 'utf8')))) {
      const message = { argv: process.argv, cwd: process.cwd(), data };
      writeFileSync(join(told, `${process.pid}.json`), JSON.stringify(message), { flush: true });
      return false;
    }
    writeFileSync(lockFile, String(process.pid));
    watch(told, (_event, name) => this.#secondInstance(join(told, name ?? ''))).unref();
    return true;
  }

  #secondInstance(file: string): void {
    let message: { argv: string[]; cwd: string; data: object };
    try {
      message = JSON.parse(readFileSync(file, 'utf8')) as typeof message;
    } catch {
      return; // half written, or told of already
    }
    rmSync(file, { force: true });
    this.emit('second-instance', {}, message.argv, message.cwd, message.data);
  }

  quit(): void {
    void this.#quit();
  }

  async #quit(): Promise<void> {
    const event = new StoppableEvent();
    this.emit('before-quit', event);
    if (event.defaultPrevented || !(await this.closeWindows())) return;
    this.emit('will-quit', new StoppableEvent());
    this.exit(0);
  }

  exit(code = 0): void {
    process.exit(code);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export const app = new App();

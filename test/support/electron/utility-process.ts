import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { PortWires, type Envelope, type Port } from './ports.ts';

const PRELUDE = new URL('./register-child.ts', import.meta.url).href;

interface ForkOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  execArgv?: string[];
  stdio?: ('ignore' | 'inherit' | 'pipe')[];
  serviceName?: string;
}

/** Those that run, for the tests to look at and to kill. */
export const running = new Set<UtilityProcess>();

class UtilityProcess extends EventEmitter {
  readonly serviceName: string;
  readonly modulePath: string;
  readonly stderr: Readable | null;
  readonly #child: ChildProcess;
  readonly #wires: PortWires;

  constructor(modulePath: string, args: string[], options: ForkOptions) {
    super();
    this.modulePath = modulePath;
    this.serviceName = options.serviceName ?? 'Node Utility Process';
    const [, stdout = 'inherit', stderr = 'inherit'] = options.stdio ?? [];
    this.#child = fork(modulePath, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: options.env ?? process.env,
      execArgv: ['--import', PRELUDE, ...(options.execArgv ?? [])],
      serialization: 'advanced',
      stdio: ['ignore', stdout, stderr, 'ipc'],
    });
    this.stderr = this.#child.stderr;
    this.#wires = new PortWires((envelope) => {
      if (this.#child.connected) this.#child.send(envelope, () => undefined);
    });
    running.add(this);
    this.#child.once('spawn', () => this.emit('spawn'));
    this.#child.on('error', () => undefined);
    this.#child.on('message', (envelope: Envelope) => {
      if (envelope.standIn === 'message') this.emit('message', envelope.data);
      else this.#wires.receive(envelope);
    });
    this.#child.once('exit', (code, signal) => {
      running.delete(this);
      this.#wires.closeAll();
      this.emit('exit', code ?? constants.signals[signal!]);
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  postMessage(data: unknown, ports: Port[] = []): void {
    this.#wires.send('', structuredClone(data), ports);
  }

  kill(): boolean {
    return this.#child.kill('SIGTERM');
  }
}

export const utilityProcess = {
  fork: (modulePath: string, args: string[] = [], options: ForkOptions = {}): UtilityProcess =>
    new UtilityProcess(modulePath, args, options),
};

/** The module's name, for a test that looks for one kind of process. */
export function describeProcess({ pid, modulePath, serviceName }: UtilityProcess) {
  return {
    pid,
    modulePath: modulePath.startsWith('file:') ? fileURLToPath(modulePath) : modulePath,
    serviceName,
  };
}

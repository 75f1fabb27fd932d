import { randomBytes } from 'node:crypto';
import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron';
import type { CoreState } from '../rpc/bridge.ts';
import { AssayError } from '../rpc/errors.ts';
import type { CoreClient } from '../rpc/transport/client.ts';
import { connectPort } from '../rpc/transport/port.ts';
import { CORE_HOST } from './addresses.ts';
import { ChildStarter } from './child-starter.ts';
import type { FromCore, ToCore } from './messages.ts';

/** Wait before a start, by how many deaths the last minute saw. */
const BACK_OFF_MS = [0, 100, 1000, 10_000];
const WINDOW_MS = 60_000;
const END_GRACE_MS = 10_000;

export interface CoreProcessOptions {
  builtInPacks: string;
  /** Told of every change; `running` again after a restart means that every port has to be replaced. */
  changed: (state: CoreState) => void;
}

/** Keeps one core running in a process of its own, and starts another when it dies. Needs a ready `app`. */
export class CoreProcess {
  readonly #options: CoreProcessOptions;
  /** The same for every core of this start, so that addresses of pictures outlive a core. */
  readonly #keySecret = randomBytes(32).toString('hex');
  readonly #deathsMs: number[] = [];
  #process: UtilityProcess | null = null;
  #own: CoreClient | null = null;
  #isEnding = false;
  #restart: NodeJS.Timeout | undefined;
  #waiting: ((core: CoreClient) => void)[] = [];

  constructor(options: CoreProcessOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#own !== null;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** The shell's own client. Throws `CONNECTION_LOST` while the core is being started. */
  get client(): CoreClient {
    if (this.#own) return this.#own;
    throw new AssayError('CONNECTION_LOST', 'The core is being started: ask once more in a moment.');
  }

  /** The same, as soon as the core runs. */
  ready(): Promise<CoreClient> {
    return this.#own ? Promise.resolve(this.#own) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  start(): void {
    const core = utilityProcess.fork(CORE_HOST, [], {
      // None of this process's: an inspector or a test runner's hooks belong to it.
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit'],
      serviceName: 'Assay core',
    });
    const children = new ChildStarter((message, ports) => this.#tell(core, message, ports));
    this.#process = core;
    core.on('message', (message: FromCore) => {
      if (message.kind === 'ready') this.#welcome();
      else if (message.kind === 'start-child') children.start(message);
      else children.kill(message.child);
    });
    core.once('exit', (code) => {
      children.killAll();
      this.#bury(code);
    });
    const { builtInPacks } = this.#options;
    this.#tell(core, { kind: 'start', keySecret: this.#keySecret, builtInPacks });
  }

  /** One end of a new channel whose other end the core answers; it closes when the core dies. */
  connect(): MessagePortMain {
    const { port1, port2 } = new MessageChannelMain();
    if (this.#process) this.#tell(this.#process, { kind: 'connect' }, [port1]);
    else port1.close();
    return port2;
  }

  /** Ends the core cleanly, or by force when it does not end in ten seconds. */
  async stop(): Promise<void> {
    this.#isEnding = true;
    clearTimeout(this.#restart);
    const core = this.#process;
    if (!core) return;
    const gone = new Promise<void>((resolve) => core.once('exit', () => resolve()));
    this.#tell(core, { kind: 'end' });
    const timer = setTimeout(() => core.kill(), END_GRACE_MS);
    await gone;
    clearTimeout(timer);
  }

  #tell(core: UtilityProcess, message: ToCore, ports: MessagePortMain[] = []): void {
    if (core === this.#process) core.postMessage(message, ports);
    else for (const port of ports) port.close();
  }

  #welcome(): void {
    const own = connectPort(this.connect()).core;
    this.#own = own;
    for (const resolve of this.#waiting.splice(0)) resolve(own);
    this.#options.changed({ state: 'running', message: '' });
  }

  #bury(code: number): void {
    this.#process = null;
    this.#own = null;
    if (this.#isEnding) return;
    const now = performance.now();
    this.#deathsMs.push(now);
    const recent = this.#deathsMs.filter((at) => now - at < WINDOW_MS).length;
    const waitMs = BACK_OFF_MS[Math.min(recent, BACK_OFF_MS.length) - 1]!;
    this.#options.changed(
      recent < 3
        ? {
            state: 'restarting',
            message: 'The core has stopped and is being started again. Everything acknowledged is on disk.',
          }
        : {
            state: 'failing',
            message: `The core has stopped (status ${code}) for the ${recent}th time within a minute: something makes it fail. Another attempt in ${waitMs / 1000} s.`,
          },
    );
    this.#restart = setTimeout(() => this.start(), waitMs);
  }
}

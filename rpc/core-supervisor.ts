import { randomBytes } from 'node:crypto';
import type { CoreState } from './bridge.ts';
import { AssayError } from './errors.ts';
import type { CoreClient } from './transport/client.ts';
import { connectPort } from './transport/port.ts';
import type { PortLike } from './transport/wire.ts';

/** Wait before a start, by how many deaths the last minute saw. */
const BACK_OFF_MS = [0, 100, 1000, 10_000];
const WINDOW_MS = 60_000;
/** Within the window: more than chance. */
const MANY_DEATHS = 3;
const END_GRACE_MS = 10_000;

/** One process of the core, as its host starts it. */
export interface CoreProcess<Port extends PortLike> {
  readonly pid: number | undefined;
  /** One end of a new channel whose other end the core answers; it closes when the core dies. */
  connect(): Port;
  /** Asks the core to end cleanly. */
  end(): void;
  /** Ends it by force. */
  kill(): void;
}

export interface CoreProcessEvents {
  /** The core can be connected to. */
  ready(): void;
  /** The process is gone, or never came; `how` is a phrase for people: "ended with status 1". Called once. */
  gone(how: string): void;
}

export interface CoreSupervisorOptions<Port extends PortLike> {
  /** Starts a process of the core, whose events come later. `keySecret` signs the addresses of files. */
  start: (keySecret: string, events: CoreProcessEvents) => CoreProcess<Port>;
  /** Called at every change; `running` again after a restart means that every port has to be replaced. */
  changed: (state: CoreState) => void;
  /** Where to look when the core fails again and again: a sentence for people. */
  hint?: string;
}

/** Keeps one core running in a process of its own, and starts another when it dies. */
export class CoreSupervisor<Port extends PortLike> {
  readonly #options: CoreSupervisorOptions<Port>;
  /** The same for every core of this host, so that addresses of files outlive a core. */
  readonly #keySecret = randomBytes(32).toString('hex');
  readonly #deathsMs: number[] = [];
  #process: CoreProcess<Port> | null = null;
  #client: CoreClient | null = null;
  #state: CoreState = { state: 'restarting', message: 'The core is being started.' };
  #isEnding = false;
  #restart: NodeJS.Timeout | undefined;
  #next = Promise.withResolvers<CoreClient>();
  #gone = Promise.withResolvers<void>();

  constructor(options: CoreSupervisorOptions<Port>) {
    this.#options = options;
  }

  /** Whether the core can be connected to now. */
  get isRunning(): boolean {
    return this.#client !== null;
  }

  get state(): CoreState {
    return this.#state;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** The host's own client. Throws `CONNECTION_LOST` while the core is being started. */
  get client(): CoreClient {
    if (this.#client) return this.#client;
    throw new AssayError('CONNECTION_LOST', 'The core is being started: ask again in a moment.');
  }

  /** The host's own client, as soon as the core runs. */
  ready(): Promise<CoreClient> {
    return this.#next.promise;
  }

  /**
   * Starts the first core. Resolves when it runs; rejects with `INTERNAL` when it dies before, in which case another
   * one is started all the same unless `stop` is called.
   */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#launch(resolve, (how) =>
        reject(new AssayError('INTERNAL', `The core's process ${how} before it was ready.`)),
      );
    });
  }

  /** A new connection to the running core. Throws `CONNECTION_LOST` where none runs. */
  connect(): Port {
    if (this.#process && this.#client) return this.#process.connect();
    throw new AssayError('CONNECTION_LOST', 'The core is being started: connect again in a moment.');
  }

  /** Ends the core cleanly, or by force when it does not end in ten seconds. */
  async stop(): Promise<void> {
    this.#isEnding = true;
    clearTimeout(this.#restart);
    const core = this.#process;
    if (!core) return;
    core.end();
    const timer = setTimeout(() => core.kill(), END_GRACE_MS);
    await this.#gone.promise;
    clearTimeout(timer);
  }

  #launch(isUp: () => void = () => {}, isDown: (how: string) => void = () => {}): void {
    this.#gone = Promise.withResolvers();
    const core = this.#options.start(this.#keySecret, {
      ready: () => {
        this.#client = connectPort(core.connect()).core;
        this.#next.resolve(this.#client);
        isUp();
        this.#become({ state: 'running', message: '' });
      },
      gone: (how) => {
        this.#bury(how);
        isDown(how);
      },
    });
    this.#process = core;
  }

  #bury(how: string): void {
    this.#process = null;
    if (this.#client) this.#next = Promise.withResolvers();
    this.#client = null;
    this.#gone.resolve();
    if (this.#isEnding) return;
    const now = performance.now();
    this.#deathsMs.push(now);
    const recent = this.#deathsMs.filter((at) => now - at < WINDOW_MS).length;
    const waitMs = BACK_OFF_MS[Math.min(recent, BACK_OFF_MS.length) - 1]!;
    this.#restart = setTimeout(() => this.#launch(), waitMs);
    if (recent < MANY_DEATHS) {
      const message = `The core ${how}; starting it again. Everything that was acknowledged is on disk.`;
      this.#become({ state: 'restarting', message });
    } else {
      const hint = this.#options.hint === undefined ? '' : ` ${this.#options.hint}`;
      const message = `The core ${how}. It has stopped ${recent} times within a minute, so something makes it fail.${hint} The next attempt is in ${waitMs / 1000} s.`;
      this.#become({ state: 'failing', message });
    }
  }

  #become(state: CoreState): void {
    this.#state = state;
    this.#options.changed(state);
  }
}

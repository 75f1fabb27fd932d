import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { AssayError } from '../rpc/errors.ts';
import type { CoreClient } from '../rpc/transport/client.ts';
import { connectPort } from '../rpc/transport/port.ts';
import type { FromCore, ToCore } from './core-messages.ts';
import { RelayPort } from './relay-port.ts';

const ENTRY = fileURLToPath(new URL('./core-process.ts', import.meta.url));
/** Wait before a start, by how many deaths the last minute saw. */
const BACK_OFF_MS = [0, 250, 10_000];
const WINDOW_MS = 60_000;
/** Within the window: more than chance. */
const MOST_DEATHS = 3;
const END_GRACE_MS = 10_000;

/** Keeps one core running in a process of its own, starts another when it dies, and relays connections to it. */
export class CoreSupervisor {
  readonly #say: (line: string) => void;
  /** The same for every core of this server, so that addresses of files outlive a core. */
  readonly #keySecret = randomBytes(32).toString('hex');
  readonly #ports = new Map<number, RelayPort>();
  readonly #deathsMs: number[] = [];
  #child: ChildProcess | null = null;
  #isReady = false;
  #isEnding = false;
  #lastConnection = 0;
  #own: CoreClient | null = null;
  #restart: NodeJS.Timeout | undefined;
  #trouble: string | null = null;

  private constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** Throws `INTERNAL` when the very first core does not come up. */
  static async start(say: (line: string) => void): Promise<CoreSupervisor> {
    const supervisor = new CoreSupervisor(say);
    await supervisor.#launch();
    return supervisor;
  }

  /** Whether a connection can be opened now. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** A sentence for people when the core dies again and again; null otherwise. */
  get trouble(): string | null {
    return this.#trouble;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The server's own client. Throws `CONNECTION_LOST` while the core is being started again. */
  get core(): CoreClient {
    if (!this.#own)
      throw new AssayError('CONNECTION_LOST', 'The core is being started again: ask once more in a moment.');
    return this.#own;
  }

  /** A new connection to the running core; it closes when the core dies. */
  open(): RelayPort {
    const connection = ++this.#lastConnection;
    const port = new RelayPort(
      (data) => this.#send({ kind: 'message', connection, data }),
      () => {
        this.#ports.delete(connection);
        this.#send({ kind: 'close', connection });
      },
    );
    this.#ports.set(connection, port);
    this.#send({ kind: 'open', connection });
    return port;
  }

  /** Ends the core cleanly, or by force when it does not end in ten seconds. */
  async stop(): Promise<void> {
    this.#isEnding = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (!child) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.#send({ kind: 'end' });
    const timer = setTimeout(() => child.kill('SIGKILL'), END_GRACE_MS);
    await gone;
    clearTimeout(timer);
  }

  #launch(): Promise<void> {
    const child = fork(ENTRY, [], {
      serialization: 'advanced',
      // None of the parent's flags: an inspector port or a test runner's hooks belong to the parent.
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child = child;
    return new Promise((resolve, reject) => {
      child.on('message', (message: FromCore) => {
        if (message.kind === 'ready') {
          this.#isReady = true;
          this.#trouble = null;
          this.#own = connectPort(this.open()).core;
          resolve();
        } else this.#receive(message);
      });
      child.on('error', () => undefined); // a failed start and a failed send: `exit` or `close` follows
      child.once('close', (code, signal) => {
        const how = signal ? `was ended by ${signal}` : `ended with status ${code}`;
        reject(new AssayError('INTERNAL', `The core's process ${how} before it was ready.`));
        this.#bury(how);
      });
      this.#send({ kind: 'start', keySecret: this.#keySecret });
    });
  }

  #receive(message: Exclude<FromCore, { kind: 'ready' }>): void {
    const port = this.#ports.get(message.connection);
    if (message.kind === 'message') port?.received(message.data);
    else {
      this.#ports.delete(message.connection);
      port?.ended();
    }
  }

  #send(message: ToCore): void {
    if (this.#child?.connected) this.#child.send(message, () => undefined);
  }

  #bury(how: string): void {
    const wasReady = this.#isReady;
    this.#child = null;
    this.#isReady = false;
    this.#own = null;
    const ports = [...this.#ports.values()];
    this.#ports.clear();
    for (const port of ports) port.ended();
    if (this.#isEnding || (!wasReady && this.#deathsMs.length === 0)) return;
    const now = performance.now();
    this.#deathsMs.push(now);
    const recent = this.#deathsMs.filter((at) => now - at < WINDOW_MS).length;
    const waitMs = BACK_OFF_MS[Math.min(recent, BACK_OFF_MS.length) - 1]!;
    if (recent >= MOST_DEATHS)
      this.#trouble = `The core ${how}; ${recent} times within a minute it did not last: something makes it fail. What it printed stands in the terminal. It is tried again every ${waitMs / 1000} s.`;
    this.#say(
      this.#trouble ?? `The core ${how}; starting it again. Everything that was acknowledged is on disk.`,
    );
    this.#restart = setTimeout(() => void this.#launch().catch(() => undefined), waitMs);
  }
}

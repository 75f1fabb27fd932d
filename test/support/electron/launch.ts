import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from '@playwright/test';
import type { Acts, Look } from './control.ts';

const MAIN = fileURLToPath(new URL('../../../electron/main.ts', import.meta.url));
const PRELUDE = new URL('./register-main.ts', import.meta.url).href;

export interface ShellOptions {
  /** A Chromium to draw the windows with. */
  chromium: string;
  args?: string[];
  /** Of an earlier start that this one shares its settings and its single instance with. */
  home?: string;
  isPackaged?: boolean;
}

/** One start of the shell's own `electron/main.ts` on the stand-in. */
export class Shell {
  /** Folder of everything that belongs to the person: settings, window state, profile. */
  readonly home: string;
  readonly #main: ChildProcess;
  readonly #ownsHome: boolean;
  readonly #browser: Promise<Browser>;
  readonly #waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  /** Exit status of the main process, and what it wrote to its error output. */
  readonly ended: Promise<{ code: number | null; stderr: string }>;
  #lastId = 0;

  constructor({ chromium: executable, args = [], home, isPackaged = false }: ShellOptions) {
    this.home = home ?? mkdtempSync(join(tmpdir(), 'assay-shell-'));
    const userData = join(this.home, 'user-data');
    mkdirSync(userData, { recursive: true });
    this.#main = fork(MAIN, args, {
      execArgv: ['--import', PRELUDE],
      env: {
        ...process.env,
        HOME: this.home,
        XDG_DATA_HOME: join(this.home, 'data'),
        ASSAY_CONFIG: join(this.home, 'config'),
        STAND_IN_USER_DATA: userData,
        STAND_IN_CHROMIUM: executable,
        STAND_IN_PACKAGED: isPackaged ? '1' : '',
      },
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    let stderr = '';
    this.#main.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    this.ended = new Promise((resolve) => this.#main.once('close', (code) => resolve({ code, stderr })));
    this.#browser = Promise.race([
      new Promise<string>((resolve) =>
        this.#main.on('message', (message: { browser?: string }) => {
          if (message.browser !== undefined) resolve(message.browser);
          else this.#answered(message as { id: number });
        }),
      ),
      this.ended.then(({ code }) =>
        Promise.reject(new Error(`The shell ended with status ${code}:\n${stderr}`)),
      ),
    ]).then((address) => chromium.connectOverCDP(address));
    // Asked for only by those who look at pages.
    this.#browser.catch(() => undefined);
    this.#ownsHome = home === undefined;
  }

  /** Kills it. The caller must call this for every shell it starts. */
  async close(): Promise<void> {
    this.#main.kill('SIGKILL');
    await this.ended;
    if (this.#ownsHome) rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }

  #answered({ id, error, answer }: { id: number; error?: string; answer?: unknown }): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error !== undefined) waiting?.reject(new Error(error));
    else waiting?.resolve(answer as never);
  }

  #act<A extends keyof Acts>(act: A, ask: Acts[A]['ask']): Promise<Acts[A]['answer']> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#main.send({ id, act, ask }, (error) => error && reject(error));
    });
  }

  get pid(): number {
    return this.#main.pid!;
  }

  /** The window that was opened first, as soon as its page is there. */
  async page(): Promise<Page> {
    const context = (await this.#browser).contexts()[0]!;
    const shown = (): Page | undefined =>
      context.pages().find((page) => page.url().startsWith('https://app.'));
    for (;;) {
      const page = shown();
      if (page) {
        await page.waitForLoadState('domcontentloaded');
        return page;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  look(): Promise<Look> {
    return this.#act('look', null);
  }

  answerDialog(paths: string[] | null): Promise<null> {
    return this.#act('answerDialog', paths);
  }

  clickMenu(label: string): Promise<null> {
    return this.#act('clickMenu', label);
  }

  closeWindows(): Promise<null> {
    return this.#act('closeWindows', null);
  }
}

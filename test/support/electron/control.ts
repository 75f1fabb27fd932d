import { app } from './app.ts';
import { clickMenu, menuLabels } from './menu.ts';
import { schemes, session } from './session.ts';
import { describeProcess, running } from './utility-process.ts';
import { BrowserWindow } from './windows.ts';

/** What a test may ask of the stand-in from outside: what a person does with the system, and what a person sees of it. */
export interface Acts {
  /** Answers of the next dialogs, in turn; null for one that is dismissed. */
  answerDialog: { ask: string[] | null; answer: null };
  clickMenu: { ask: string; answer: null };
  closeWindows: { ask: null; answer: null };
  look: { ask: null; answer: Look };
}

export interface Look {
  isSandboxed: boolean;
  menu: string[];
  windows: { options: unknown; isShown: boolean }[];
  dialogs: unknown[];
  schemes: { scheme: string; privileges: Record<string, boolean> }[];
  denied: string[];
  processes: { pid: number | undefined; modulePath: string; serviceName: string }[];
}

const answers: (string[] | null)[] = [];
const dialogs: unknown[] = [];

export const dialog = {
  async showOpenDialog(_window: unknown, options: unknown) {
    dialogs.push(options);
    const paths = answers.shift() ?? null;
    return { canceled: paths === null, filePaths: paths ?? [] };
  },
};

const acts: { [A in keyof Acts]: (ask: Acts[A]['ask']) => Promise<Acts[A]['answer']> } = {
  async answerDialog(paths) {
    answers.push(paths);
    return null;
  },
  async clickMenu(label) {
    clickMenu(label);
    return null;
  },
  async closeWindows() {
    await app.closeWindows();
    return null;
  },
  async look() {
    return {
      isSandboxed: app.isSandboxed,
      menu: menuLabels(),
      windows: BrowserWindow.getAllWindows().map(({ options, isShown }) => ({ options, isShown })),
      dialogs,
      schemes,
      denied: [...session.defaultSession.handlers],
      processes: [...running].map(describeProcess),
    };
  },
};

async function answer<A extends keyof Acts>(id: number, act: A, ask: Acts[A]['ask']): Promise<void> {
  try {
    process.send?.({ id, answer: await acts[act](ask) });
  } catch (error) {
    process.send?.({ id, error: (error as Error).message });
  }
}

process.on('message', ({ id, act, ask }: { id: number; act: keyof Acts; ask: never }) =>
  answer(id, act, ask),
);
// The test is gone: nobody will look at the windows any more.
process.on('disconnect', () => process.exit());

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { AssayError } from '../rpc/errors.ts';
import { ACTOR, REPOSITORY, timed, type BenchContext } from './context.ts';
import type { DataSet } from './data-sets.ts';
import { watchPeak, type MemoryPeak, type ProcessRole } from './process-tree.ts';
import { mebibytes, number, ratio, type Table } from './report.ts';

const EVERY_MS = 50;
const ROLES: ProcessRole[] = ['core', 'decoders', 'inference'];

interface CommandPeak extends MemoryPeak {
  command: string;
  seconds: number;
}

export interface MemoryUse {
  synthetic: number;
  commands: CommandPeak[];
  /** The largest of all commands. */
  peak: MemoryPeak;
}

/** The main job through the command line, each command watched with every process that it starts. Linux only. */
export async function measureMemory(
  bench: BenchContext,
  set: DataSet,
  synthetic: number,
): Promise<MemoryUse> {
  const project = join(bench.workFolder, `memory-${synthetic}.assay`);
  const model = bench.model === null ? [] : ['--model', bench.model];
  const importOf = (role: string): string[] => [
    'import',
    project,
    join(set.root, role),
    '--role',
    role,
    ...model,
  ];
  const commands: CommandPeak[] = [];
  for (const args of [
    ['new', project],
    importOf('real'),
    importOf('holdout'),
    importOf('synthetic'),
    ['score', project, ...model],
    ['queue', project, '--budget', '5%'],
  ]) {
    bench.say(`${set.name}: assay ${args[0]}${args[0] === 'import' ? ` ${args[4]}` : ''} …`);
    commands.push(await runCommand(bench, args));
  }
  rmSync(project, { recursive: true });
  const most = (of: (peak: MemoryPeak) => number): number => Math.max(...commands.map(of));
  const byRole = { core: 0, decoders: 0, inference: 0 };
  for (const role of ROLES) byRole[role] = most((peak) => peak.byRole[role]);
  return { synthetic, commands, peak: { totalBytes: most((peak) => peak.totalBytes), byRole } };
}

async function runCommand({ signal }: BenchContext, args: string[]): Promise<CommandPeak> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, ['cli/main.ts', ...args, '--by', ACTOR], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  // Its end is always awaited, so that nothing writes to the work folder while that is removed.
  const stop = (): void => void child.kill();
  signal.addEventListener('abort', stop);
  const finish = watchPeak(child.pid ?? -1, EVERY_MS);
  try {
    const { seconds, value } = await timed(() => Promise.all([text(child.stderr), ended]));
    const [said, [code]] = value;
    if (code !== 0)
      throw new AssayError('INTERNAL', `assay ${args.join(' ')} ended with status ${code}: ${said.trim()}`);
    return { command: args[0]!, seconds, ...finish() };
  } finally {
    finish();
    signal.removeEventListener('abort', stop);
  }
}

/** The peaks of a small and a large batch, and how much more the large one takes. */
export function memoryTable(small: MemoryUse, large: MemoryUse): Table {
  const columns = [small, large];
  const row = (what: string, of: (use: MemoryUse) => number): string[] => [
    what,
    ...columns.map((use) => mebibytes(of(use))),
    ratio(of(large) / of(small)),
  ];
  return {
    title: 'Peak memory: new, import, score and queue through the command line',
    columns: ['resident', ...columns.map((use) => `${number(use.synthetic)} images`), 'ratio'],
    rows: [
      row('all processes at one moment', (use) => use.peak.totalBytes),
      ...ROLES.map((role) => row(`  ${role}`, (use) => use.peak.byRole[role])),
      ['', '', '', ''],
      ...small.commands.map(({ command }, c) => {
        const name = command === 'import' ? `import ${['real', 'holdout', 'synthetic'][c - 1]}` : command;
        return row(`  during ${name}`, (use) => use.commands[c]!.totalBytes);
      }),
    ],
    notes: [
      `Sampled every ${EVERY_MS} ms from /proc, summed over the processes; pages that processes share count in each of them. Beside the synthetic images there are the set's real and hold-out ones.`,
      `The large batch has ${ratio(large.synthetic / small.synthetic)} times the images of the small one.`,
    ],
  };
}

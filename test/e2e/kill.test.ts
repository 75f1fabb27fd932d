import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { verifyChain, verifyProjection } from '../../core/ledger/verify.ts';
import { Project } from '../../core/project/project.ts';
import { PROJECTION } from '../../db/store.ts';
import { runTask } from '../../rpc/run-task.ts';
import { startCore } from '../support/core.ts';
import { REPOSITORY, temporaryFolder } from '../support/folders.ts';
import { makeImage } from '../support/images.ts';

/** Kills per job. A release must survive 100 of each: `npm run release` asks for them. */
const KILLS = Number(process.env['ASSAY_KILLS'] ?? 16);
/** Projects of a job that are killed at the same time, each with its share of the kills. */
const LANES = 4;
const IMAGES = 400;
const by = 'ada';

function assay(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [join(REPOSITORY, 'cli/main.ts'), ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(REPOSITORY, 'node_modules', '.cache', 'assay') },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

const inLanes = <T>(run: (lane: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: LANES }, (_, lane) => run(lane)));

/** Numbers in [0, 1), the same in every run and different for each lane. */
function sequence(lane: number): () => number {
  let last = 12_345 + lane;
  return () => (last = (Math.imul(last, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

/** Opens the project as the next process would, and requires it to be consistent. */
function checked<T>(folder: string, read: (project: Project) => T): T {
  const project = Project.open(folder, 'write');
  try {
    expect(project.store.integrity()).toBe('ok');
    expect(verifyChain(project.store).difference).toBeNull();
    expect(verifyProjection(project.store)).toBeNull();
    return read(project);
  } finally {
    project.close();
  }
}

/** The state, without the numbers and times of its events, which depend on how often the import was started. */
function state(project: Project): string {
  const tables = ['label', 'image', 'file'] as const satisfies (keyof typeof PROJECTION)[];
  return JSON.stringify(
    tables.map((table) => {
      const addedSeq = project.store.columns(table).indexOf('added_seq');
      return [...project.store.rows(table)].map((row) => row.filter((_, column) => column !== addedSeq));
    }),
  );
}

describe('kill -9', () => {
  test(
    `${KILLS} times during import: the result is the one of an import that nobody killed`,
    { timeout: 900_000 },
    async () => {
      const folder = temporaryFolder();
      const set = join(folder, 'set');
      for (let i = 0; i < IMAGES; i++) {
        const image = await makeImage(i, i % 3 === 0 ? 'jpeg' : 'png');
        mkdirSync(join(set, `class-${i % 4}`), { recursive: true });
        writeFileSync(
          join(set, `class-${i % 4}`, `${i}.${image.format}`),
          i % 50 === 9 ? image.bytes.subarray(0, 60) : image.bytes,
        );
      }
      const core = startCore();
      const whole = await core.projects.create({ project: join(folder, 'whole'), by });
      await runTask(core, 'import', {
        project: whole.folder,
        by,
        from: set,
        role: 'real',
        model: 'patch256',
      });
      await core.projects.close({ project: whole.folder });
      const expected = checked(whole.folder, state);

      let typicalMs = 3000;
      const lanes = await inLanes(async (lane) => {
        const random = sequence(lane);
        const project = join(folder, `killed-${lane}.assay`);
        let kills = 0;
        let completed = 0;
        while (kills < KILLS / LANES) {
          rmSync(project, { recursive: true, force: true });
          Project.create(project, by).close();
          for (let done = false; !done;) {
            const started = performance.now();
            const child = assay(
              'import',
              project,
              set,
              '--role',
              'real',
              '--model',
              'patch256',
              '--by',
              by,
              '--json',
            );
            const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
            const cut = kills < KILLS / LANES ? random() * typicalMs : Infinity;
            const signal = new AbortController();
            const killing = Number.isFinite(cut)
              ? sleep(cut, undefined, { signal: signal.signal })
                  .then(() => child.kill('SIGKILL'))
                  .catch(() => {})
              : Promise.resolve();
            const [code] = await exited;
            signal.abort();
            await killing;
            if (code === 0) {
              typicalMs = performance.now() - started;
              done = true;
            } else {
              kills++;
              checked(project, () => {});
            }
          }
          completed++;
          expect(checked(project, state)).toBe(expected);
        }
        return { kills, completed };
      });
      expect(lanes.reduce((sum, { kills }) => sum + kills, 0)).toBe(KILLS);
      for (const { completed } of lanes) expect(completed).toBeGreaterThan(0);
    },
  );

  test(`${KILLS} times while deciding: no acknowledged decision is lost`, { timeout: 900_000 }, async () => {
    const folder = temporaryFolder();
    const set = join(folder, 'set');
    mkdirSync(set);
    const shas: string[] = [];
    for (let i = 0; i < 12; i++) {
      const image = await makeImage(i);
      writeFileSync(join(set, `${i}.png`), image.bytes);
      shas.push(image.sha256);
    }
    const core = startCore();
    const lanes = await inLanes(async (lane) => {
      const { folder: project } = await core.projects.create({ project: join(folder, `p${lane}`), by });
      await runTask(core, 'import', { project, by, from: set, role: 'synthetic', model: 'patch256' });
      await core.projects.close({ project });

      const random = sequence(lane);
      let acknowledged = 0;
      for (let kill = 0; kill < KILLS / LANES; kill++) {
        const child = assay('decide', project, '--by', by, '--stream');
        const lines = Array.from({ length: 300 }, (_, i) =>
          JSON.stringify({ sha256: shas[i % shas.length], verdict: 'reject', reason: `r${kill}-${i}` }),
        );
        child.stdin!.on('error', () => {}); // the pipe breaks when the reader is killed
        child.stdin!.write(`${lines.join('\n')}\n`);
        let text = '';
        child.stdout!.setEncoding('utf8').on('data', (part: string) => (text += part));
        const closed = once(child, 'close');
        // Mostly somewhere in the stream of answers, sometimes before the first one.
        const first = kill % 10 === 0 ? sleep(random() * 500) : once(child.stdout!, 'data');
        await Promise.race([first, closed]);
        await Promise.race([sleep(random() * 150), closed]);
        child.kill('SIGKILL');
        await closed;
        const acks = text
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line) as { line: number; seq: number });
        checked(project, ({ store }) => {
          const events = [...store.events.all()].filter(({ kind }) => kind === 'decisions.made');
          const bodies = new Map(events.map((event) => [event.seq, event.body]));
          for (const ack of acks)
            expect(bodies.get(ack.seq)).toContain(`"reason":"other: r${kill}-${ack.line - 1}"`);
          expect(store.decisions.total()).toBe(events.length);
          expect(events.length).toBeGreaterThanOrEqual(acknowledged + acks.length);
          acknowledged = events.length;
        });
      }
      return acknowledged;
    });
    for (const acknowledged of lanes) expect(acknowledged).toBeGreaterThan(KILLS / LANES);
  });
});

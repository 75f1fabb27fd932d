import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Visitor } from '../../server/testing/raw.ts';
import { startCore } from '../support/core.ts';
import { REPOSITORY, temporaryFolder } from '../support/folders.ts';

const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/g;

interface Running {
  child: ChildProcess;
  /** Everything printed so far. */
  text: () => string;
  /** Waits for the n-th address. */
  address: (n: number) => Promise<string>;
}

function run(script: string, ...args: string[]): Running {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_COMPILE_CACHE: join(REPOSITORY, 'node_modules', '.cache', 'assay'),
    XDG_CONFIG_HOME: temporaryFolder(),
  };
  // Runs without a terminal.
  for (const name of ['DISPLAY', 'WAYLAND_DISPLAY']) delete env[name];
  const child = spawn(process.execPath, [join(REPOSITORY, script), ...args], { env, cwd: REPOSITORY });
  onTestFinished(() => void child.kill('SIGKILL'));
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => (printed += part));
  return {
    child,
    text: () => printed,
    async address(n) {
      for (;;) {
        const found = printed.match(ADDRESS)?.[n];
        if (found) return found;
        if (child.exitCode !== null) throw new Error(printed);
        await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
      }
    },
  };
}

async function emptyProject(): Promise<string> {
  const core = startCore();
  const { folder } = await core.projects.create({ project: join(temporaryFolder(), 'p'), by: 'ada' });
  await core.projects.close({ project: folder });
  return folder;
}

test('assay serve prints an address that works once, a new one on Enter, and ends on Ctrl-C', async () => {
  const folder = await emptyProject();
  const { child, address, text } = run('cli/main.ts', 'serve', folder);
  const first = await address(0);
  expect(first).toContain(`/p/${encodeURIComponent(folder)}/overview`);
  const { origin } = new URL(first);
  expect((await new Visitor(origin).enter(first)).status).toBe(200);
  child.stdin!.write('\n');
  const second = await address(1);
  expect((await new Visitor(origin).enter(first)).status).toBe(401);
  expect((await new Visitor(origin).enter(second)).status).toBe(200);
  const ended = once(child, 'close') as Promise<[number | null]>;
  child.kill('SIGINT');
  expect([(await ended)[0], text().includes('Error')]).toEqual([0, false]);
});

test('assay serve refuses a missing project, and leaves nothing running', async () => {
  const { child, text } = run('cli/main.ts', 'serve', join(temporaryFolder(), 'none'));
  const [status] = (await once(child, 'close')) as [number];
  expect(status).toBe(3);
  expect(text()).not.toMatch(ADDRESS);
});

test('npm start without a terminal prints what it found and what to do next, and ends', async () => {
  const folder = await emptyProject();
  const { child, text } = run('scripts/start.ts', folder);
  const [status] = (await once(child, 'close')) as [number];
  expect([status, text()]).toEqual([0, expect.stringMatching(/No queue yet[^]*assay -- serve /)]);
});

test('npm start --serve keeps serving', async () => {
  const folder = await emptyProject();
  const { child, address } = run('scripts/start.ts', folder, '--serve');
  const { origin } = new URL(await address(0));
  expect((await new Visitor(origin).send('GET', '/')).status).toBe(200);
  const ended = once(child, 'close') as Promise<[number | null]>;
  child.kill('SIGTERM');
  expect((await ended)[0]).toBe(0);
});

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { DecodePool, type DecodePoolOptions } from './decode-pool.ts';
import { patternRgb, png } from './testing/build.ts';

let root: string;
const open: DecodePool[] = [];
const unruly = new URL('./testing/unruly-host.ts', import.meta.url);

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'assay-pool-'));
  for (let i = 0; i < 12; i++) {
    writeFileSync(
      path.join(root, `${i}.png`),
      png({ width: 20 + i, height: 20, pixels: patternRgb(20 + i, 20) }),
    );
  }
  writeFileSync(path.join(root, 'broken.png'), 'broken');
});

afterAll(async () => {
  await Promise.all(open.map((pool) => pool.close()));
  rmSync(root, { recursive: true, force: true });
});

function poolOf(options: DecodePoolOptions): DecodePool {
  const pool = new DecodePool(options);
  open.push(pool);
  return pool;
}

function decodeAll(pool: DecodePool, names: string[]) {
  const request = { root, thumbs: null, objects: null, geometry: null };
  return Promise.all(
    names.map(async (name) => {
      const outcome = await pool.decode({ ...request, path: name });
      return outcome.ok ? outcome.width : outcome.code;
    }),
  );
}

const good = Array.from({ length: 12 }, (_, i) => `${i}.png`);
const widths = good.map((_, i) => 20 + i);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('DecodePool', () => {
  it('answers every image with its own outcome', async () => {
    const pool = poolOf({ workers: 2, perWorker: 3 });
    expect(pool.capacity).toBe(6);
    expect(await decodeAll(pool, [...good, 'broken.png', 'absent.png'])).toEqual([
      ...widths,
      'NOT_AN_IMAGE',
      'NOT_FOUND',
    ]);
    const whole = await pool.decode({
      path: '3.png',
      root,
      thumbs: null,
      objects: null,
      geometry: { width: 23, height: 20, fit: 'squash', kernel: 'area' },
    });
    expect(whole).toMatchObject({ ok: true, tensor: patternRgb(23, 20) });
  });

  it('blames a crash on its image alone and goes on', async () => {
    const pool = poolOf({ workers: 2, perWorker: 2, host: unruly });
    const names = [...good.slice(0, 6), 'crash.png', ...good.slice(6), 'exit.png'];
    expect(await decodeAll(pool, names)).toEqual([
      ...widths.slice(0, 6),
      'CRASHED_DECODER',
      ...widths.slice(6),
      'CRASHED_DECODER',
    ]);
    expect(await decodeAll(pool, good)).toEqual(widths);
  });

  it('ends an image that takes too long, though its process no longer listens', async () => {
    const pool = poolOf({ workers: 1, perWorker: 4, host: unruly, limits: { timeoutMs: 1500 } });
    expect(await decodeAll(pool, ['0.png', 'hang.png', '1.png', '2.png', '3.png'])).toEqual([
      20,
      'TIMEOUT',
      21,
      22,
      23,
    ]);
  });

  it('replaces a process that has grown too large, between images', async () => {
    const pool = poolOf({ workers: 1, host: unruly });
    const log = path.join(root, 'tasks.log');
    rmSync(log, { force: true });
    for (const name of ['0.png', 'bloat.png', '1.png']) await decodeAll(pool, [name]);
    const [first, second, third] = readFileSync(log, 'utf8').split('\n');
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('says why no decoder can be started', async () => {
    const host = path.join(root, 'failing-host.mjs');
    writeFileSync(host, 'throw new Error("a library is missing");');
    const pool = poolOf({ workers: 2, host: pathToFileURL(host) });
    await expect(decodeAll(pool, good)).rejects.toMatchObject({
      code: 'INTERNAL',
      message: expect.stringContaining('a library is missing'),
    });
    await expect(decodeAll(pool, ['0.png'])).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('passes on that a thumbnail cannot be written', async () => {
    const pool = poolOf({ workers: 1 });
    const request = {
      path: '0.png',
      root,
      thumbs: path.join(root, 'broken.png'),
      objects: null,
      geometry: null,
    };
    await expect(pool.decode(request)).rejects.toMatchObject({ name: 'AssayError', code: 'INTERNAL' });
    expect(await decodeAll(pool, ['1.png'])).toEqual([21]);
  });

  it('cancels what is not done when it is closed', async () => {
    const pool = poolOf({ workers: 1, host: unruly });
    const pending = decodeAll(pool, ['hang.png', '0.png']).catch((error: unknown) => error);
    await pool.close();
    expect(await pending).toMatchObject({ code: 'CANCELLED' });
    await expect(decodeAll(pool, ['0.png'])).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it.skipIf(process.platform === 'win32')('leaves no process behind when its owner is killed', async () => {
    const script = path.join(root, 'owner.ts');
    const module = JSON.stringify(new URL('./decode-pool.ts', import.meta.url).href);
    writeFileSync(
      script,
      `import { execFileSync } from 'node:child_process';
       const { DecodePool } = await import(${module});
       const pool = new DecodePool({ workers: 1 });
       await pool.decode({ path: '0.png', root: ${JSON.stringify(root)}, thumbs: null, objects: null, geometry: null });
       const children = execFileSync('ps', ['-o', 'pid=,ppid=', '-A'], { encoding: 'utf8' }).trim().split('\\n');
       const mine = children.map((line) => line.trim().split(/\\s+/)).filter(([, parent]) => Number(parent) === process.pid);
       console.log(mine.map(([pid]) => pid).join(' '));`,
    );
    const owner = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void owner.kill('SIGKILL'));
    const pids = await new Promise<number[]>((resolve) => {
      owner.stdout
        .setEncoding('utf8')
        .once('data', (text: string) => resolve(text.trim().split(' ').map(Number)));
    });
    owner.kill('SIGKILL');
    expect(pids.length).toBeGreaterThan(0);
    // `ps` itself is among them and ends at once; what matters is that none stays.
    await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  });
});

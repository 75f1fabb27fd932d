import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Project } from '../../core/project/project.ts';
import { ERRORS } from '../../rpc/errors.ts';
import { writeDataset } from '../support/dataset.ts';
import { REPOSITORY, temporaryFolder } from '../support/folders.ts';

interface Done {
  status: number | null;
  out: string;
  err: string;
}

/** Runs the command like a user, in its own folder. */
function assay(cwd: string, args: string[], input = ''): Done {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(REPOSITORY, 'cli/main.ts'), ...args], {
    cwd,
    input,
    encoding: 'utf8',
    env: { ...process.env, NODE_COMPILE_CACHE: join(REPOSITORY, 'node_modules', '.cache', 'assay') },
  });
  return { status, out: stdout, err: stderr };
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- names what the command promises to print
function json<T>(cwd: string, ...args: string[]): T {
  const { status, out, err } = assay(cwd, [...args, '--json']);
  expect({ status, err: status === 0 ? '' : err }).toEqual({ status: 0, err: '' });
  return JSON.parse(out) as T;
}

describe('the command', () => {
  test('does the whole job with one JSON document per command', { timeout: 240_000 }, async () => {
    const folder = temporaryFolder();
    await writeDataset(join(folder, 'set'));
    json(folder, 'new', 'p', '--by', 'ada');
    for (const role of ['real', 'holdout', 'synthetic']) {
      const summary = json<{ broken: unknown[] }>(folder, 'import', 'p', join('set', role), '--role', role);
      expect(summary.broken).toHaveLength(role === 'synthetic' ? 3 : 0);
    }
    const run = json<{ digest: string }>(folder, 'score', 'p', '--device', 'cpu');
    expect(run.digest).toMatch(/^[0-9a-f]{64}$/);
    const queue = json<{
      items: {
        sha256: string;
        path: string;
        stratum: string;
        reasons: { score: string; rank: number; of: number }[];
        rank: number;
        inclusionProbability: number;
      }[];
      flagged: { rule: string }[];
    }>(folder, 'queue', 'p', '--budget', '20%');
    for (const { stratum, reasons } of queue.items) {
      expect(reasons.length > 0).toBe(stratum !== 'audit');
      for (const { score, rank, of } of reasons) expect([typeof score, rank <= of]).toEqual(['string', true]);
    }
    expect(queue.items.map((item) => item.rank)).toEqual(queue.items.map((_, i) => i + 1));
    expect(new Set(queue.flagged.map((item) => item.rule))).toEqual(
      new Set(['holdout-leak', 'seed-copy', 'exact-duplicate', 'broken']),
    );

    const lines = queue.items.map(({ sha256 }) => JSON.stringify({ sha256, verdict: 'accept' }));
    writeFileSync(join(folder, 'good.jsonl'), `${lines.join('\n')}\n\n`);
    writeFileSync(join(folder, 'bad.jsonl'), `${lines[0]}\n\nnot json\n`);
    const bad = assay(folder, ['decide', 'p', '--by', 'ada', '--file', 'bad.jsonl', '--json']);
    expect([bad.status, JSON.parse(bad.out)]).toEqual([
      ERRORS.DECISION_REFUSED.exit,
      { error: { code: 'DECISION_REFUSED', message: expect.stringContaining('Line 3 is not JSON') } },
    ]);
    const decide = (...more: string[]) => json(folder, 'decide', 'p', '--by', 'ada', ...more);
    expect(decide('--file', 'good.jsonl')).toMatchObject({ applied: lines.length });
    // Without a queue, decisions settle images and answer no audit.
    expect(json(folder, 'status', 'p')).toMatchObject({
      decisions: { accept: lines.length },
      estimate: null,
    });
    expect(decide('--file', 'good.jsonl', '--queue', '1')).toMatchObject({ applied: lines.length });
    const inQueue = `${lines[0]!.slice(0, -1)},"queue":1}`;
    const fromInput = (input: string, ...more: string[]) =>
      assay(folder, ['decide', 'p', '--by', 'ada', '--file', '-', ...more], input);
    expect(fromInput(inQueue).status).toBe(0);
    expect(fromInput(`${inQueue}\n${lines[1]}`).status).toBe(ERRORS.DECISION_REFUSED.exit);
    expect(fromInput(lines[0]!, '--adjudicate').status).toBe(ERRORS.USAGE.exit);
    expect(fromInput(lines[0]!, '--queue', '2').status).toBe(ERRORS.NOT_FOUND.exit);

    const status = json<{ estimate: { sampled: number }; head: string }>(folder, 'status', 'p');
    expect(status.estimate.sampled).toBe(queue.items.filter((item) => item.stratum === 'audit').length);
    json(folder, 'export', 'p', 'out', '--format', 'jsonl', '--undecided', 'out');
    expect(readFileSync(join(folder, 'out', 'assay-manifest.json'), 'utf8')).toContain(status.head);
    expect(json(folder, 'verify', 'p', '--head', status.head)).toMatchObject({ ok: true });
    const wrong = assay(folder, ['verify', 'p', '--head', 'f'.repeat(64)]);
    expect([wrong.status, wrong.out]).toEqual([
      ERRORS.VERIFY_FAILED.exit,
      expect.stringContaining('NOT VERIFIED'),
    ]);
    expect(json<unknown[]>(folder, 'scores').length).toBeGreaterThan(15);
    expect(json(folder, 'scores', 'p', queue.items[0]!.sha256.slice(0, 10))).toMatchObject({
      path: queue.items[0]!.path,
    });
    expect(json(folder, 'models', 'check', 'patch256')).toMatchObject({ id: 'patch256', kind: 'embedder' });
  });

  test('names the process that has the project open, and lets readers in', () => {
    const folder = temporaryFolder();
    const project = Project.create(join(folder, 'p'), 'ada');
    const second = assay(folder, ['queue', 'p', '--budget', '5']);
    expect([second.status, second.err]).toEqual([
      ERRORS.PROJECT_LOCKED.exit,
      expect.stringContaining(`process ${process.pid} `),
    ]);
    expect(assay(folder, ['status', 'p']).status).toBe(0);
    project.close();
    expect(assay(folder, ['queue', 'p', '--budget', '5']).status).toBe(ERRORS.NOT_READY.exit);
  });

  // What else is refused, and with which status, is in cli/commands.test.ts.
  test.each([
    [['frobnicate'], 'USAGE'],
    [['status', 'nothing'], 'NOT_FOUND'],
  ] as const)('refuses %j with the exit status of %s', (args, code) => {
    const done = assay(temporaryFolder(), [...args]);
    expect([done.status, done.out, done.err === '']).toEqual([ERRORS[code].exit, '', false]);
  });

  test('goes on quietly where nobody reads what it prints', async () => {
    const child = spawn(process.execPath, [join(REPOSITORY, 'cli/main.ts'), 'import', '--help'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect({ status, said }).toEqual({ status: 0, said: '' });
  });
});

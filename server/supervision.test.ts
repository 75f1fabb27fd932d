import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { runTask } from '../rpc/run-task.ts';
import { connectSocket, type SocketLike } from '../rpc/transport/socket.ts';
import { temporaryFolder } from '../test/support/folders.ts';
import { makeImage } from '../test/support/images.ts';
import { smallPages, startServed, type ServedWorkbench } from '../test/support/served.ts';
import { Visitor } from './testing/raw.ts';

const { pages, remove } = smallPages();
afterAll(remove);

async function start(): Promise<{ served: ServedWorkbench; visitor: Visitor }> {
  const served = await startServed(undefined, { pages });
  onTestFinished(() => served.close());
  const visitor = new Visitor(served.origin);
  await visitor.enter(served.url);
  return { served, visitor };
}

async function window(visitor: Visitor) {
  const socket = (await visitor.socket()) as WebSocket;
  onTestFinished(() => socket.terminate());
  return { socket, connection: connectSocket(socket as unknown as SocketLike) };
}

async function isReady(visitor: Visitor): Promise<boolean> {
  const { body } = await visitor.send('GET', '/session', { 'x-assay-csrf': visitor.csrf });
  return (JSON.parse(body) as { ready: boolean }).ready;
}

async function ready(visitor: Visitor): Promise<void> {
  while (!(await isReady(visitor))) await sleep(20);
}

test('a core that is killed is replaced, every window is told, and what was acknowledged is there', async () => {
  const { served, visitor } = await start();
  const first = await window(visitor);
  const second = await window(visitor);
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'set'));
  const image = await makeImage(1);
  writeFileSync(join(folder, 'set', '1.png'), image.bytes);
  const by = 'ada';
  const { core } = first.connection;
  const { folder: project } = await core.projects.create({
    project: join(folder, 'p'),
    by,
    model: 'patch256',
  });
  await runTask(core, 'import', { project, by, from: join(folder, 'set'), role: 'synthetic' });
  const { key } = await core.projects.open({ project });
  await core.reviews.decide({
    project,
    by,
    context: { kind: 'explore' },
    decisions: [{ sha256: image.sha256, verdict: 'accept' }],
  });

  const lost = second.connection.core.jobs.watch({ project: null }).then(async (list) => {
    await list.next();
    return list.next();
  });
  const codes = Promise.all(
    [first, second].map(async ({ socket }) => ((await once(socket, 'close')) as [number])[0]),
  );
  const failed = lost.catch((error: unknown) => error);
  await sleep(50);
  const pid = served.corePid()!;
  process.kill(pid, 'SIGKILL');
  expect(await codes).toEqual([1012, 1012]);
  expect(await failed).toMatchObject({ code: 'CONNECTION_LOST' });
  expect(served.said).toEqual([expect.stringContaining('starting it again')]);

  await ready(visitor);
  const again = await window(visitor);
  expect(served.corePid()).not.toBe(pid);
  const status = await again.connection.core.projects.status({ project });
  expect(status.decisions).toMatchObject({ accept: 1, entries: 1 });
  // The killed core's lock is not in the way, and the addresses of its pictures still lead there.
  expect((await again.connection.core.projects.open({ project })).writable).toBe(true);
  expect((await visitor.send('GET', `/file/${key}/thumb/${image.sha256}`)).status).toBe(200);
});

test('while there is no core, windows are asked to wait and pictures to come back', async () => {
  const { served, visitor } = await start();
  process.kill(served.corePid()!, 'SIGKILL');
  while (await isReady(visitor)) await sleep(2);
  expect(await visitor.socket()).toBe(503);
  expect((await visitor.send('GET', `/file/${'0'.repeat(16)}/thumb/${'a'.repeat(64)}`)).status).toBe(503);
  await ready(visitor);
  await window(visitor);
});

test('a core that dies three times within a minute is said to be in trouble, to the windows too', async () => {
  const { served, visitor } = await start();
  for (let death = 1; death <= 3; death++) {
    await ready(visitor);
    process.kill(served.corePid()!, 'SIGKILL');
    while (served.said.length < death) await sleep(10);
  }
  expect(served.said[2]).toContain('3 times within a minute');
  const { body } = await visitor.send('GET', '/session', { 'x-assay-csrf': visitor.csrf });
  expect(JSON.parse(body)).toEqual({ ready: false, message: served.said[2] });
});

test('closing tells the windows, ends the core, and frees the port', async () => {
  const served = await startServed(undefined, { pages });
  const visitor = new Visitor(served.origin);
  await visitor.enter(served.url);
  const { socket } = await window(visitor);
  const pid = served.corePid()!;
  const closed = once(socket, 'close') as Promise<[number]>;
  await served.close();
  expect((await closed)[0]).toBe(1001);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  await expect(visitor.send('GET', '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a port that is taken is refused with the remedy', async () => {
  const { visitor } = await start();
  await expect(startServed(undefined, { pages, port: visitor.port })).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('--port'),
  });
});

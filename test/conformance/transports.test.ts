import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { router } from '../../core/handlers/index.ts';
import { core } from '../../core/handlers/router.ts';
import { taskStream } from '../../core/jobs/task-stream.ts';
import { Workbench } from '../../core/handlers/workbench.ts';
import { AssayError, errorCode } from '../../rpc/errors.ts';
import type { Progress, TaskContext } from '../../rpc/progress.ts';
import { connectInProcess, type CoreClient } from '../../rpc/transport/inproc.ts';
import { connectPort } from '../../rpc/transport/port.ts';
import { servePort } from '../../rpc/transport/serve.ts';
import { connectSocket, type SocketLike } from '../../rpc/transport/socket.ts';
import { RelayPort } from '../../server/relay-port.ts';

/** The real router, with tasks that a test can watch. */
function watched() {
  const seen: string[] = [];
  const report = (done: number): Progress => ({ stage: 'turning', done, total: null, unit: 'turns' });
  const endless = async ({ signal, progress }: TaskContext): Promise<never> => {
    for (let turn = 1; !signal.aborted; turn++) {
      progress(report(turn));
      await sleep(2);
    }
    seen.push('task aborted');
    throw new Error('whatever a task throws when it is stopped');
  };
  const sample = {
    folder: '/s',
    seed: 7,
    classes: ['a'],
    real: 1,
    holdout: 0,
    synthetic: 0,
    faults: {},
    bytes: 9,
  };
  const served = {
    ...router,
    catalog: {
      ...router.catalog,
      models: core.catalog.models.handler(() => {
        throw new TypeError('a defect');
      }),
      checkModel: core.catalog.checkModel.handler(async ({ signal }) => {
        await sleep(60_000, undefined, signal ? { signal } : {}).catch(() => seen.push('call aborted'));
        throw new Error('stopped');
      }),
    },
    jobs: {
      ...router.jobs,
      /** The seed selects the outcome. */
      run: core.jobs.run.handler(({ input: { input }, signal }) => {
        const seed = 'seed' in input ? input.seed : 1;
        if (seed === 0) return taskStream(endless, signal);
        return taskStream(async ({ progress }) => {
          progress(report(1));
          await sleep(5);
          if (seed === 2) throw new AssayError('DISK_FULL', 'no room on /s', { file: '/s/1' });
          return sample;
        }, signal);
      }),
      watch: core.jobs.watch.handler(async function* () {
        yield [];
        throw new AssayError('NOT_FOUND', 'no such list', { which: 'jobs' });
      }),
    },
  };
  const workbench = new Workbench();
  onTestFinished(() => workbench.shutDown());
  return { served, context: { workbench }, seen, sample };
}

interface Reached extends ReturnType<typeof watched> {
  client: CoreClient;
  /** Cuts the connection as if the other process had died. */
  cut: () => void;
  /** Sends a message that no client sends. */
  garble: (data: string) => void;
}

/** What Electron's MessagePortMain has, and nothing else. */
function asElectronPort(port: MessagePort) {
  return {
    postMessage: (data: unknown) => port.postMessage(data),
    on: (event: string, listener: (message: { data: unknown }) => void) =>
      port.on(event, (data: unknown) => listener({ data })),
    start: () => port.start(),
    close: () => port.close(),
  };
}

function overPort(wrap: (port: MessagePort) => Parameters<typeof servePort>[2]): Reached {
  const host = watched();
  const { port1, port2 } = new MessageChannel();
  servePort(host.served, host.context, wrap(port2));
  const connection = connectPort(port1);
  onTestFinished(() => port1.close());
  return {
    ...host,
    client: connection.core,
    cut: () => port2.close(),
    garble: (data) => port1.postMessage(data),
  };
}

async function overSocket(): Promise<Reached> {
  const host = watched();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (peer) => {
    const port = new RelayPort(
      (data) => peer.send(data),
      () => peer.close(),
    );
    peer.on('message', (data) => port.received((data as Buffer).toString('utf8')));
    peer.on('close', () => port.ended());
    servePort(host.served, host.context, port);
  });
  onTestFinished(() => server.close());
  await once(server, 'listening');
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => socket.terminate());
  const connection = connectSocket(socket as unknown as SocketLike);
  await once(socket, 'open');
  return {
    ...host,
    client: connection.core,
    cut: () => {
      for (const peer of server.clients) peer.terminate();
    },
    garble: (data) => socket.send(data),
  };
}

function inProcess(): Reached {
  const host = watched();
  return { ...host, client: connectInProcess(host.served, host.context), cut: () => {}, garble: () => {} };
}

const TRANSPORTS: [name: string, reach: () => Reached | Promise<Reached>][] = [
  ['in process', inProcess],
  ['over a MessagePort', () => overPort((port) => port)],
  ['over a port as Electron has it', () => overPort(asElectronPort)],
  ['over a WebSocket', overSocket],
];
const REMOTE = TRANSPORTS.slice(1);

async function collect<R>(stream: AsyncIterator<Progress, R>): Promise<{ reports: number[]; result: R }> {
  const reports: number[] = [];
  for (;;) {
    const step = await stream.next();
    if (step.done) return { reports, result: step.value };
    reports.push(step.value.done);
  }
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await sleep(2);
}

describe.each(TRANSPORTS)('%s', (_, reach) => {
  test('a call returns its result', async () => {
    const { client } = await reach();
    const { imports } = await client.catalog.formats();
    expect(imports.length).toBeGreaterThan(3);
    expect(imports[0]).toMatchObject({ id: expect.any(String), title: expect.any(String) });
  });

  test('input that breaks the contract is INVALID_INPUT and names the field', async () => {
    const { client } = await reach();
    const refused = client.jobs.run({ kind: 'sample-set', input: { to: '/s', seed: -1 } });
    await expect(refused).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      status: 422,
      message: expect.stringContaining('seed'),
      data: { details: expect.stringMatching(/^input\.seed: .+/) },
    });
  });

  test('a refusal has its code, sentence, status and data', async () => {
    const { client } = await reach();
    await expect(client.projects.status({ project: '/nowhere/p.assay' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      status: 404,
      message: expect.stringContaining('/nowhere/p.assay'),
    });
    await expect(
      collect(await client.jobs.run({ kind: 'sample-set', input: { to: '/s', seed: 2 } })),
    ).rejects.toMatchObject({
      code: 'DISK_FULL',
      status: 507,
      message: 'no room on /s',
      data: { file: '/s/1' },
    });
  });

  test('so does a refusal inside a plain stream', async () => {
    const { client } = await reach();
    const stream = await client.jobs.watch({ project: null });
    expect((await stream.next()).value).toEqual([]);
    await expect(stream.next()).rejects.toMatchObject({ code: 'NOT_FOUND', data: { which: 'jobs' } });
  });

  test('a defect is INTERNAL, said in plain words, with the text of what broke as details', async () => {
    const { client } = await reach();
    await expect(client.catalog.models()).rejects.toMatchObject({
      code: 'INTERNAL',
      message: expect.stringMatching(/^Assay made a mistake of its own here\. .*try again/),
      data: { details: 'a defect' },
    });
  });

  test('a long call streams its progress and ends with its result', async () => {
    const { client, sample } = await reach();
    const { reports, result } = await collect(
      await client.jobs.run({ kind: 'sample-set', input: { to: '/s', seed: 1 } }),
    );
    expect(reports).toEqual([1]);
    expect(result).toEqual(sample);
  });

  test('aborting reaches the task and ends the stream as CANCELLED', async () => {
    const { client, seen } = await reach();
    const stop = new AbortController();
    const stream = await client.jobs.run(
      { kind: 'sample-set', input: { to: '/s', seed: 0 } },
      { signal: stop.signal },
    );
    await stream.next();
    stop.abort(new Error('any reason'));
    await expect(collect(stream)).rejects.toMatchObject({ code: 'CANCELLED', status: 499 });
    await until(() => seen.length > 0);
    expect(seen).toEqual(['task aborted']);
  });

  test('leaving the stream reaches the task', async () => {
    const { client, seen } = await reach();
    for await (const report of await client.jobs.run({ kind: 'sample-set', input: { to: '/s', seed: 0 } })) {
      expect(report.done).toBeGreaterThan(0);
      break;
    }
    await until(() => seen.length > 0);
    expect(seen).toEqual(['task aborted']);
  });

  test('two streams are independent', async () => {
    const { client, seen } = await reach();
    const endless = await client.jobs.run({ kind: 'sample-set', input: { to: '/s', seed: 0 } });
    await endless.next();
    await collect(await client.jobs.run({ kind: 'sample-set', input: { to: '/s', seed: 1 } }));
    expect(seen).toEqual([]);
    await endless.return?.(undefined);
    await until(() => seen.length > 0);
  });
});

describe.each(REMOTE)('%s, a connection that dies', (_, reach) => {
  test('fails pending calls as CONNECTION_LOST, aborts them in the core, and refuses later ones', async () => {
    const { client, seen, cut } = await reach();
    const stream = await client.jobs.run({ kind: 'sample-set', input: { to: '/s', seed: 0 } });
    await stream.next();
    const call = client.catalog.checkModel({ model: 'm' }).catch((error: unknown) => error);
    await sleep(20);
    cut();
    expect(await call).toMatchObject({ code: 'CONNECTION_LOST', status: 503 });
    await expect(collect(stream)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await expect(client.catalog.formats()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await until(() => seen.length === 2);
    expect(seen.toSorted()).toEqual(['call aborted', 'task aborted']);
  });

  test.each(['no JSON', '{}', '{"i":1,"p":{"u":"/x"', '[]', 'null', '{"i":"9","p":{"u":7}}'])(
    'is closed, and nothing else happens, when it carries %j',
    async (data) => {
      const { client, garble, served, context } = await reach();
      await client.catalog.formats();
      garble(data);
      // Either answered as an unknown call or closed; what must not happen is that the process falls.
      const outcome = await client.catalog.formats().catch(errorCode);
      expect(outcome === 'CONNECTION_LOST' || typeof outcome === 'object').toBe(true);
      const other = connectInProcess(served, context);
      expect((await other.catalog.formats()).exports.length).toBeGreaterThan(0);
    },
  );
});

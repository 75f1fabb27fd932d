/**
 * The inference process: the only process that loads ONNX Runtime. It is forked by host-child.ts with the number of
 * threads as its argument and an empty private folder as its working directory, and it can be killed at any moment
 * without harm. It answers one request after another; the parent sends the next one after the last one's answer.
 */
import { rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type InferenceSession, listSupportedBackends } from 'onnxruntime-node';
import { Channel } from '../rpc/channel.ts';
import { AssayError } from '../rpc/errors.ts';
import { ApproximateIndex } from './kernels/approximate.ts';
import type { FitSessions } from './kernels/blocks.ts';
import { kCenter } from './kernels/k-center.ts';
import { KernelRidge } from './kernels/kernel-ridge.ts';
import { lloydGraph, lloydStep } from './kernels/lloyd.ts';
import { fitLogistic, logisticGraph } from './kernels/logistic.ts';
import { MatrixStore } from './kernels/matrix-store.ts';
import { fitNetwork, networkGraph } from './kernels/network.ts';
import { nearest, nearestGraph } from './kernels/nearest.ts';
import { products, productsGraph } from './kernels/products.ts';
import type { HostFunctions, HostNotices } from './messages.ts';
import { watchMemory } from './memory-watch.ts';
import { OpenedModel } from './opened-model.ts';
import { openSession } from './ort-session.ts';
import { unpackPatches } from './patches.ts';
import { embedTexts } from './text-tower.ts';
import type { LogisticTask } from './types.ts';

const threads = Number(process.argv[2]);
const privateFolder = process.cwd();
const matrices = new MatrixStore();
/** By the name of their matrix, which they go with. */
const indexes = new Map<string, ApproximateIndex>();
let opened: OpenedModel | null = null;

/** A kernel's session, opened at its first use. */
function lazySession(graph: () => Uint8Array): () => Promise<InferenceSession> {
  let session: Promise<InferenceSession> | null = null;
  return () => (session ??= openSession(graph(), { threads, provider: 'cpu' }));
}

const nearestSession = lazySession(nearestGraph);
const fits = {
  logistic: { hard: lazySession(logisticGraph), soft: lazySession(() => logisticGraph(true)) },
  network: { hard: lazySession(networkGraph), soft: lazySession(() => networkGraph(true)) },
};
const fitSessions = async (
  kind: keyof typeof fits,
  { soft }: Pick<LogisticTask, 'soft'>,
): Promise<FitSessions> => ({
  hard: await fits[kind].hard(),
  soft: soft ? await fits[kind].soft() : null,
});
const productsSession = lazySession(productsGraph);
const lloydSession = lazySession(lloydGraph);

const ridge = new KernelRidge((bytes) => openSession(bytes, { threads, provider: 'cpu' }));
/** rows x classes, of the last fit. */
let outputs: { data: Float32Array; columns: number } = { data: new Float32Array(), columns: 0 };

const memory = watchMemory();

const calls: HostFunctions = {
  async open(ask) {
    await opened?.release();
    opened = null;
    opened = await memory.during(() => OpenedModel.open(ask, threads));
    return null;
  },
  async run({ images, n, withPatches }) {
    if (!opened) throw new AssayError('NOT_READY', 'No model is loaded; load a pack first.');
    const model = opened;
    return memory.during(() => model.run(images, n, withPatches));
  },
  embedTexts({ texts, ...request }) {
    return memory.during(() => embedTexts(request, texts, threads));
  },
  async putRows(ask) {
    if (ask.firstRow === 0) indexes.delete(ask.name);
    matrices.put(ask);
    return null;
  },
  async dropMatrix({ name }) {
    indexes.delete(name);
    matrices.drop(name);
    return null;
  },
  async nearest({ query, base, k, exclude }) {
    return nearest(await nearestSession(), query, matrices.get(base), k, exclude);
  },
  async nearestToPatches({ packed, grid, weights, base }) {
    const query = unpackPatches(packed, grid, weights);
    return (await nearest(await nearestSession(), query, matrices.get(base), 1, null)).distance;
  },
  async indexRows({ base, count }) {
    const index = indexes.get(base) ?? (await ApproximateIndex.open(matrices.get(base), threads));
    indexes.set(base, index);
    return index.add(count);
  },
  async nearestApproximate({ query, base, k, beam, exclude }) {
    const index = indexes.get(base);
    if (!index) throw new AssayError('NOT_READY', `Matrix ${base} has no index; index its rows first.`);
    return index.nearest(query, k, beam, exclude);
  },
  async products({ left, right }) {
    return products(
      await productsSession(),
      { matrix: matrices.get(left.matrix), of: left },
      { matrix: matrices.get(right.matrix), of: right },
    );
  },
  async kCenter({ base, count }) {
    return kCenter(matrices.get(base), count);
  },
  async lloydStep({ x, centres }) {
    return lloydStep(await lloydSession(), matrices.get(x.matrix), x.rows, centres);
  },
  async fitLogistic({ x, ...task }) {
    return fitLogistic(await fitSessions('logistic', task), matrices.get(x), task);
  },
  async fitNetwork({ x, ...task }) {
    return fitNetwork(await fitSessions('network', task), matrices.get(x), task);
  },
  async fitKernelRidge({ x, landmarks, ...task }) {
    const { outputs: data, ...fit } = await ridge.fit(matrices.get(x), matrices.get(landmarks), task);
    outputs = { data, columns: task.classes };
    return fit;
  },
  async ridgeOutputs({ first, end }) {
    const { data, columns } = outputs;
    if (end * columns === data.length) outputs = { data: new Float32Array(), columns };
    return data.subarray(first * columns, end * columns);
  },
  async kernelSums({ query, landmarks, width, weights }) {
    const base = matrices.get(landmarks);
    return ridge.sums({ ...base, data: query, rows: query.length / base.columns }, base, width, weights);
  },
};

/** What ONNX Runtime throws is the model's or the input's fault, not the program's. */
function blamed(act: (ask: never) => Promise<unknown>) {
  return async (ask: never): Promise<unknown> => {
    try {
      return await act(ask);
    } catch (thrown) {
      if (thrown instanceof AssayError) throw thrown;
      throw new AssayError('INFERENCE_FAILED', thrown instanceof Error ? thrown.message : String(thrown));
    }
  };
}

const channel = new Channel<HostNotices, HostFunctions>({
  send: (message) => void process.send?.(message),
  handlers: Object.fromEntries(
    Object.entries(calls).map(([name, act]) => [name, blamed(act)]),
  ) as HostFunctions,
});
process.on('message', (message) => channel.receive(message));

// Ctrl-C reaches the whole group of processes. The parent decides what it means; this one ends when the parent does.
process.on('SIGINT', () => {});

process.on('disconnect', () => {
  process.chdir(tmpdir());
  try {
    rmdirSync(privateFolder);
  } catch {
    // The parent removes the folder as well; either may be first.
  }
  // Not exit: native libraries may hang in their own clean-up, and there is nothing to save.
  process.kill(process.pid, 'SIGKILL');
});

channel.tell('ready', [listSupportedBackends().map((backend) => backend.name)]);

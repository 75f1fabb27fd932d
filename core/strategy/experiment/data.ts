import { setImmediate as turn } from 'node:timers/promises';
import type { Store } from '../../../db/store.ts';
import { DEFAULT_MIX_POLICY } from '../../../rpc/contract/mixes.ts';
import type { ExperimentLeftOut, ExperimentResults } from '../../../rpc/contract/experiments.ts';
import { AssayError } from '../../../rpc/errors.ts';
import { sampleWithoutReplacement, streamOf } from '../../base/numeric/random.ts';
import { toBoxes, type Box } from '../../base/boxes.ts';
import { partOf } from '../../base/splits.ts';
import { teachesClasses } from '../../labels/model/seed.ts';
import { answeredShares, softLabelsOf } from '../../labels/soft-labels.ts';
import type { Project } from '../../project/project.ts';
import type { ExportItem } from '../../release/formats/define.ts';
import { ReleaseSelection } from '../../release/selection.ts';
import { kinOfHoldout, mixCandidates } from '../mix/candidates.ts';
import type { ExperimentData, Labelled, Options } from './grid.ts';

/** Images read between two pauses. */
const TURN_IMAGES = 500;

/** The images of an experiment, and the data that learners see of them; rows are in the order of the images. */
export interface ProjectData extends ExperimentData {
  images: { real: number[]; synthetic: number[]; holdout: number[] };
  /** Whether review changed anything, be it how people's answers are shared: else images are the same as generated and as verified. */
  isReviewed: boolean;
  model: string;
  leftOut: ExperimentResults['data']['leftOut'];
}

/**
 * Reads what may be trained on (as a mix has it: no hold-out image, and none that is or may be a copy or source of one)
 * and the hold-out. Of more images than `most` as many are drawn by the seed. Throws `NOT_READY` naming the remedy where
 * the project has no scores, real, synthetic or hold-out images, or too few classes. With `boxes`, for a detector: the
 * images that were looked at for boxes, and the classes of these; the label of an image is then that of its first box, or
 * the first class where it has none, and only says that the image is there.
 */
export async function experimentData(
  project: Project,
  { most, seed, boxes = false }: Pick<Options, 'most' | 'seed'> & { boxes?: boolean },
  signal: AbortSignal,
): Promise<ProjectData> {
  const { store } = project;
  refuseMissing(store.images.countsByRole());
  const leftOut = new Map<ExperimentLeftOut, number>();
  const leave = (why: ExperimentLeftOut, count = 1): void => {
    if (count > 0) leftOut.set(why, (leftOut.get(why) ?? 0) + count);
  };
  const everyone = { ...DEFAULT_MIX_POLICY, unreviewed: true };
  const { strata, selection } = await mixCandidates(project, everyone, [], signal);
  const run = store.scores.runs().at(-1)!;
  const allowed = new Map<number, string | null>();
  for (const { ids, label } of strata) for (const id of ids) allowed.set(id, label);

  const embedding = (id: number): Uint8Array | undefined => store.facts.embedding(run.model, id);
  const holdout = boxes ? markedHoldout(project, run.model) : labelledHoldout(project, run.model);
  const boxClasses = new Set<string>();
  const markOf = (own: Box[] | null): string | null => {
    for (const { label } of own ?? []) boxClasses.add(label);
    return own && (own[0]?.label ?? '');
  };
  const seen = new Set<string>();
  const real = new Map<number, string>();
  const synthetic = new Map<number, { generated: string | null; verified: string | null }>();
  const names = store.batches.labelNames();
  const kin = kinOfHoldout(store);
  let read = 0;
  let tested = 0;
  // The whole hold-out, also of it what is not tested on, is kept out of training.
  for (const { id, role } of store.images.homes()) if (role === 'holdout') seen.add(textOf(embedding(id)));
  seen.delete('');
  for (const { id, role, split, labelId } of store.images.forRelease()) {
    if (++read % TURN_IMAGES === 0) {
      await turn();
      signal.throwIfAborted();
    }
    if (role === 'holdout') {
      tested++;
      continue;
    }
    const vector = textOf(embedding(id));
    const given = boxes ? markOf(givenBoxes(store, id)) : (names.get(labelId ?? -1) ?? null);
    const verified = boxes
      ? markOf(allowed.has(id) ? selection.itemOf(id).boxes : null)
      : (allowed.get(id) ?? null);
    if (kin.has(id)) leave('holdout-kin');
    else if (seen.has(vector)) leave('same-embedding');
    else if (vector === '') leave('no-embedding');
    else if (partOf(split) !== 'train') leave('other-split');
    else if (role === 'real') {
      if (!allowed.has(id)) leave('real-out');
      else if (verified === null) leave('no-label');
      else real.set(id, verified);
    } else {
      if (given === null && verified === null) {
        leave('no-label');
        continue;
      }
      if (given !== null && verified === null) leave('verified-out');
      if (given !== null && verified !== null && given !== verified) leave('relabelled');
      synthetic.set(id, { generated: given, verified });
    }
  }

  const chosenReal = drawn([...real.keys()], most.real, seed, 'real');
  const chosenSynthetic = drawn([...synthetic.keys()], most.synthetic, seed, 'synthetic');
  leave('beyond-most', real.size - chosenReal.length + synthetic.size - chosenSynthetic.length);
  const taught = new Set([
    ...chosenReal.map((id) => real.get(id)!),
    ...chosenSynthetic.flatMap((id) => Object.values(synthetic.get(id)!)),
  ]);
  const answered = boxes ? new Map<number, Map<string, number>>() : answeredShares(store);
  for (const id of [
    ...chosenReal,
    ...chosenSynthetic.filter((each) => synthetic.get(each)!.verified !== null),
  ])
    for (const label of answered.get(id)?.keys() ?? []) taught.add(label);
  taught.delete(null);
  const classes = [...(boxes ? boxClasses : (taught as Set<string>))].sort();
  const number = new Map(classes.map((name, k) => [name, k]));
  const chosenHoldout = [...holdout.keys()].filter((id) => boxes || number.has(holdout.get(id)!));
  leave('holdout-out', tested - chosenHoldout.length);
  const classOf = (label: string | null): number =>
    label === null ? -1 : (number.get(label) ?? (boxes ? 0 : -1));
  const vectors = (ids: readonly number[]): Float32Array => {
    const rows = ids.map((id) => new Float32Array(new Uint8Array(embedding(id)!).buffer));
    const all = new Float32Array(rows.length * (rows[0]?.length ?? 0));
    rows.forEach((row, i) => all.set(row, i * row.length));
    return all;
  };
  const labelled = (ids: number[], label: (id: number) => string): Labelled => ({
    vectors: vectors(ids),
    labels: Int32Array.from(ids, (id) => classOf(label(id))),
  });
  const softly = (ids: readonly number[], labels: Int32Array) =>
    softLabelsOf(answered, ids, labels, classOf, classes.length);
  const realLabelled = labelled(chosenReal, (id) => real.get(id)!);
  const verified = Int32Array.from(chosenSynthetic, (id) => classOf(synthetic.get(id)!.verified));
  const data = {
    classes,
    real: { ...realLabelled, soft: softly(chosenReal, realLabelled.labels) },
    synthetic: {
      vectors: vectors(chosenSynthetic),
      generated: Int32Array.from(chosenSynthetic, (id) => classOf(synthetic.get(id)!.generated)),
      verified,
      soft: softly(chosenSynthetic, verified),
    },
    holdout: labelled(chosenHoldout, (id) => holdout.get(id)!),
  };
  if (boxes) refuseUnboxed(classes, data);
  else refuseUseless(data);
  return {
    ...data,
    dimensions: data.real.vectors.length / chosenReal.length,
    images: { real: chosenReal, synthetic: chosenSynthetic, holdout: chosenHoldout },
    isReviewed:
      data.synthetic.soft.size > 0 ||
      data.synthetic.generated.some((label, i) => label !== data.synthetic.verified[i]),
    model: run.model,
    leftOut: Object.fromEntries(leftOut),
  };
}

/** The hold-out images that can be tested on, with the label that holds, in sha256 order. */
export function labelledHoldout(project: Project, model: string): Map<number, string> {
  const { store } = project;
  const found = new Map<number, string>();
  const tested = new ReleaseSelection(project, {
    roles: ['holdout'],
    undecided: 'in',
    include: [],
    tag: null,
  });
  for (const { sha256, label } of tested) {
    const id = store.images.idOf(sha256)!;
    if (label !== null && store.facts.embedding(model, id)) found.set(id, label);
  }
  return found;
}

/** The hold-out images that were looked at for boxes, as those of a detector, with the boxes that hold. */
export function boxedHoldout(project: Project, model: string): Map<number, ExportItem & { boxes: Box[] }> {
  const { store } = project;
  const found = new Map<number, ExportItem & { boxes: Box[] }>();
  const tested = new ReleaseSelection(project, {
    roles: ['holdout'],
    undecided: 'in',
    include: [],
    tag: null,
  });
  for (const item of tested) {
    const id = store.images.idOf(item.sha256)!;
    if (item.boxes !== null && store.facts.embedding(model, id))
      found.set(id, { ...item, boxes: item.boxes });
  }
  return found;
}

const markedHoldout = (project: Project, model: string): Map<number, string> =>
  new Map(
    boxedHoldout(project, model)
      .entries()
      .map(([id, { boxes }]) => [id, boxes[0]?.label ?? '']),
  );

/** The boxes that an image came with; null where nobody looked for any. */
export function givenBoxes(store: Store, id: number): Box[] | null {
  const { boxed, fileId } = store.images.releaseRow(id);
  return boxed === 0 ? null : toBoxes(store.images.boxes(fileId));
}

const textOf = (vector: Uint8Array | undefined): string =>
  vector ? Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('latin1') : '';

/** At most `most` of them, in their order. */
function drawn(ids: number[], most: number, seed: number, pool: string): number[] {
  if (ids.length <= most) return ids;
  const places = sampleWithoutReplacement(streamOf(seed, `pool ${pool}`), ids.length, most).sort();
  return Array.from(places, (place) => ids[place]!);
}

/** `NOT_READY` where images of a role are missing. */
function refuseMissing(counts: Partial<Record<string, number>>): void {
  const missing = (
    [
      [
        'real',
        'There is no real image to train on: import annotated photographs (assay import --role real).',
      ],
      [
        'holdout',
        'There is no hold-out, and an experiment measures on nothing else: import annotated real photographs that are never trained on (assay import --role holdout).',
      ],
      [
        'synthetic',
        'There is no synthetic image to mix in: import a generated batch (assay import --role synthetic).',
      ],
    ] as const
  ).find(([role]) => (counts[role] ?? 0) === 0);
  if (missing) throw new AssayError('NOT_READY', missing[1]);
}

function refuseUseless({ real, synthetic, holdout }: Pick<ExperimentData, 'real' | 'synthetic' | 'holdout'>) {
  if (!teachesClasses(real.labels))
    throw new AssayError(
      'NOT_READY',
      'The real images do not show at least two classes with two images each, so there is nothing to learn: import more labelled real images.',
    );
  if (holdout.labels.length === 0)
    throw new AssayError(
      'NOT_READY',
      'No hold-out image has a label of a class that is trained on: import labelled ones (assay import --role holdout).',
    );
  if (!synthetic.generated.some((label) => label >= 0))
    throw new AssayError(
      'NOT_READY',
      'No synthetic image has a label and may be trained on: label them, or answer in Copies whether they are copies of hold-out images.',
    );
}

function refuseUnboxed(
  classes: readonly string[],
  { real, holdout, synthetic }: Pick<ExperimentData, 'real' | 'holdout' | 'synthetic'>,
): void {
  const missing =
    real.labels.length === 0
      ? 'real image to train on'
      : holdout.labels.length === 0
        ? 'hold-out image'
        : synthetic.generated.some((label) => label >= 0)
          ? null
          : 'synthetic image to mix in';
  if (missing !== null || classes.length === 0)
    throw new AssayError(
      'NOT_READY',
      missing === null
        ? 'No image to train on has a box: import a detection set.'
        : `No ${missing} was looked at for boxes: import a detection set, or leave --boxes out.`,
    );
}

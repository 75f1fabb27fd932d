import type { VerdictRow } from '../../../db/queries/objects.ts';
import { sampleWithoutReplacement, streamOf } from '../../base/numeric/random.ts';
import {
  OBJECT_FAULTS as FAULTS,
  type ObjectFault,
  type ObjectsJudged,
} from '../../../rpc/contract/objects.ts';
import { ROLES, type Role } from '../../../rpc/contract/terms.ts';
import { counted } from '../../../rpc/format.ts';
import { predict } from '../../labels/model/model.ts';
import { FOLDS, trainLabelModel, type TrainedLabelModel } from '../../labels/model/train.ts';
import { drawWrongLabels } from '../../labels/risk/wrong-labels.ts';
import { BLOCK_ROWS, type ScoreRun } from '../block.ts';
import { vectorsFrom } from '../vectors.ts';
import { cropModel, embedCrops, type ImageCrops } from './crops.ts';
import { evidenceOf, usualBoxes, type UsualBoxes } from './evidence.ts';
import { BOX_FAULTS, drawnAgain } from './faulty-boxes.ts';
import { objectsOf, type ImageObjects } from './objects.ts';
import { planTaught, type Taught } from './taught.ts';
import { MissingObjects } from './missing.ts';
import {
  atOwnShares,
  chancesOf,
  fitVerdicts,
  verdictAt,
  type Examples,
  type VerdictModel,
} from './verdict.ts';

/** With fewer real objects nothing is learnt. */
const FEWEST = 30;

/** A sound object, and every fault. */
const OUTCOMES = FAULTS.length + 1;

export interface ObjectVerdicts {
  /** Of every object that could be judged, by role, images ascending. */
  verdicts: Record<Role, VerdictRow[]>;
  /** For the run's event. */
  record: ObjectsJudged;
  /** Images whose objects could not be looked at: the original is missing or changed. */
  leftOut: number;
}

/**
 * Judges every object of the project by what real objects look like, and by faults put into their boxes; crops that no
 * run has looked at yet are looked at first. Only the reason, where there are too few real objects to learn from.
 */
export async function judgeObjects(run: ScoreRun): Promise<ObjectVerdicts | { reason: string }> {
  const { store, names, frame, seed, task } = run;
  const classes = new Map(names.map((name, i) => [name, i]));
  const taught = planTaught(store, frame.idsByRole.real, classes, seed);
  // Not a crop is looked at for nothing.
  if (countSound(taught) < FEWEST) return tooFew(countSound(taught));
  const leftOut = await embedCrops(
    run,
    allCrops(run, classes, taught),
    ROLES.reduce((sum, role) => sum + frame.idsByRole[role].length, 0),
  );
  const seen = withVectors(run, taught);
  const sound = countSound(seen.taught);
  if (sound < FEWEST || sound === seen.taught.length) return tooFew(sound);
  const images = [...new Set(seen.taught.map(({ image }) => image))];
  const place = new Map(images.map((image, i) => [image, i]));
  const folds = Int32Array.from(seen.taught, ({ image }) => place.get(image)! % FOLDS);
  const known = learnable(seen.taught, folds, names.length);
  if (seen.taught.filter((own) => own.fault === null && known.has(labelOf(own))).length < FEWEST)
    return {
      reason: `Objects are not judged: fewer than ${FEWEST} real objects are of a class that two images or more show. Import more of the real seed.`,
    };
  const labels = Int32Array.from(seen.taught, (own) =>
    own.fault === null ? labelOf(own) : names.length + BOX_FAULTS.indexOf(own.fault),
  );
  const model = await trainLabelModel({
    ...task,
    embeddings: seen.vectors,
    labels,
    classes: names.length + BOX_FAULTS.length,
    kernels: run.inference,
    seed,
    // Objects of one image look alike, and so do a box and its faulty copy.
    folds,
    pairs: 0,
  });
  task.progress({ stage: 'chance that each object is wrong', done: 0, total: 1, unit: 'steps' });
  const usual = usualBoxes(images, names.length);
  const examples = rehearseVerdicts(run, seen.taught, model, usual, known);
  const verdict = await fitVerdicts(examples, FAULTS.length, run.inference);
  const missing = await MissingObjects.learn(run, images);
  const outOfFold = new Map(
    seen.taught.flatMap(({ image, object, fault }, i) =>
      fault === null
        ? [[`${image.imageId} ${object}`, rowOf(model.seedProbabilities, i, model.classes)]]
        : [],
    ),
  );
  const verdicts: ObjectVerdicts['verdicts'] = { real: [], holdout: [], synthetic: [] };
  const record: ObjectsJudged = { taught: sound, accuracy: fixed(model.accuracy), roles: {} };
  for (const role of ROLES) {
    const judged = judgeRole(run, role, { classes, model, usual, verdict, outOfFold, known });
    const gone = missing?.judge(frame.idsByRole[role], role === 'real', classes);
    verdicts[role] = [...judged.rows, ...(gone?.rows ?? [])];
    if (verdicts[role].length === 0) continue;
    record.roles[role] = {
      objects: judged.rows.length,
      faults: Object.fromEntries(FAULTS.map((fault, f) => [fault, fixed(judged.shares[f]!)])),
      missing: gone && gone.rows.length > 0 ? fixed(gone.share) : null,
    };
  }
  return { verdicts, record, leftOut };
}

/** The record holds no fractions, but their text. */
const fixed = (share: number): string => share.toFixed(4);

const rowOf = (matrix: Float64Array, i: number, width: number): Float64Array =>
  matrix.subarray(i * width, (i + 1) * width);

const countSound = (taught: readonly Taught[]): number => taught.filter(({ fault }) => fault === null).length;

function tooFew(sound: number): { reason: string } {
  return {
    reason: `Objects are not judged: ${counted(sound, 'real object')} with a box, and ${FEWEST} are needed. Import a real seed with boxes.`,
  };
}

const labelOf = ({ image, object }: Taught): number => image.objects[object]!.label;

/** Classes with real objects in two folds or more: of any other, no model that has not seen the object knows its class. */
function learnable(taught: readonly Taught[], folds: Int32Array, classes: number): ReadonlySet<number> {
  const foldsOf = Array.from({ length: classes }, () => new Set<number>());
  for (const [i, own] of taught.entries()) if (own.fault === null) foldsOf[labelOf(own)]!.add(folds[i]!);
  return new Set(foldsOf.flatMap((own, label) => (own.size > 1 ? [label] : [])));
}

/** The crops of every object, then those of the faulty boxes. */
function* allCrops(
  { store, frame }: ScoreRun,
  classes: ReadonlyMap<string, number>,
  taught: readonly Taught[],
): Generator<ImageCrops> {
  const faulty = Map.groupBy(
    taught.filter(({ fault }) => fault !== null),
    ({ image }) => image.imageId,
  );
  for (const role of ROLES)
    for (const imageId of frame.idsByRole[role]) {
      const image = objectsOf(store, imageId, classes);
      if (!image) continue;
      const crops = image.objects.map(({ position, box }) => ({ position, variant: '', box }));
      for (const { object, variant, box } of faulty.get(imageId) ?? [])
        crops.push({ position: image.objects[object]!.position, variant, box });
      yield { imageId, fileId: image.fileId, crops };
    }
}

/** What is taught, where the crop could be looked at. */
function withVectors(run: ScoreRun, taught: readonly Taught[]): { taught: Taught[]; vectors: Float32Array } {
  const model = cropModel(run.model);
  const found = taught.flatMap((own) => {
    const { image, object, variant } = own;
    const { position } = image.objects[object]!;
    const vector = run.store.objects.vector(model, { fileId: image.fileId, position, variant });
    return vector ? [{ own, vector }] : [];
  });
  return {
    taught: found.map(({ own }) => own),
    vectors: vectorsFrom(
      found.map(({ vector }) => vector),
      run.dimensions,
    ).raw,
  };
}

/** Evidence on real objects as they are, and with every kind of fault put in; outcomes are 0 for sound, else the fault. */
function rehearseVerdicts(
  run: ScoreRun,
  taught: readonly Taught[],
  model: TrainedLabelModel,
  usual: UsualBoxes,
  known: ReadonlySet<number>,
): Examples {
  const classes = run.names.length;
  const random = streamOf(run.seed, 'object verdicts');
  const examples: Examples = { rows: [], of: [] };
  const add = (
    fault: Exclude<ObjectFault, 'missing'> | null,
    evidence: ReturnType<typeof evidenceOf>,
  ): void => {
    examples.rows.push(Object.values(evidence));
    examples.of.push(fault === null ? 0 : FAULTS.indexOf(fault) + 1);
  };
  const given = Int32Array.from(taught, (own) => (own.fault === null ? labelOf(own) : -1));
  const among = new Float64Array(taught.length * classes);
  for (let i = 0; i < taught.length; i++)
    among.set(rowOf(model.seedProbabilities, i, model.classes).subarray(0, classes), i * classes);
  const present = [...new Set(given)].filter((label) => known.has(label));
  const wrong = present.length < 2 ? [] : drawWrongLabels(given, among, classes, present, random).slice(0, 2);
  for (const [i, { image, object, fault, box }] of taught.entries()) {
    const chances = rowOf(model.seedProbabilities, i, model.classes);
    const own = image.objects[object]!;
    if (!known.has(own.label)) continue;
    const others = image.objects.filter((other) => other !== own);
    const about = { box, label: own.label, outline: own.outline, chances };
    if (fault !== null) {
      // The outline moves with a box that is misplaced; a phantom has what it is given.
      const outline = own.outline && box;
      add(
        fault,
        evidenceOf({ ...about, outline }, image, fault === 'phantom' ? image.objects : others, usual),
      );
      continue;
    }
    add(null, evidenceOf(about, image, others, usual));
    for (const trial of wrong)
      if (trial[i]! >= 0)
        add('wrong-class', evidenceOf({ ...about, label: trial[i]! }, image, others, usual));
    add('duplicate', evidenceOf({ ...about, box: drawnAgain(box, random) }, image, image.objects, usual));
    if (others.length > 0 && own.outline) {
      const [pick] = sampleWithoutReplacement(random, others.length, 1);
      const other = others[pick!]!;
      add(
        'wrong-outline',
        evidenceOf({ ...about, outline: other.outline ?? other.box }, image, others, usual),
      );
    }
  }
  return examples;
}

interface Judge {
  classes: ReadonlyMap<string, number>;
  model: TrainedLabelModel;
  usual: UsualBoxes;
  verdict: VerdictModel;
  /** Chances of real objects from models that have not seen them, by image and object. */
  outOfFold: ReadonlyMap<string, Float64Array>;
  /** Classes that can be judged. */
  known: ReadonlySet<number>;
}

/** Judges the objects of all images of a role. */
function judgeRole(
  run: ScoreRun,
  role: Role,
  { classes, model, usual, verdict, outOfFold, known }: Judge,
): { rows: VerdictRow[]; shares: Float64Array } {
  const { store, names, frame, dimensions, task } = run;
  const labelIds = [...run.classOf].toSorted((a, b) => a[1] - b[1]).map(([id]) => id);
  const key = cropModel(run.model);
  const found: { imageId: number; position: number; top: number; confidence: number }[] = [];
  const parts: Float64Array[] = [];
  const ids = frame.idsByRole[role];
  for (let start = 0; start < ids.length; start += BLOCK_ROWS) {
    task.signal.throwIfAborted();
    const block: { image: ImageObjects; object: number; vector: Uint8Array }[] = [];
    for (const id of ids.slice(start, start + BLOCK_ROWS)) {
      const image = objectsOf(store, id, classes);
      for (const [object, { position, label }] of image?.objects.entries() ?? []) {
        if (!known.has(label)) continue;
        const vector = store.objects.vector(key, { fileId: image!.fileId, position, variant: '' });
        if (vector) block.push({ image: image!, object, vector });
      }
    }
    if (block.length === 0) continue;
    const { raw } = vectorsFrom(
      block.map(({ vector }) => vector),
      dimensions,
    );
    const { probabilities } = predict(model, raw, block.length);
    const rows = block.map(({ image, object }, i) => {
      const own = image.objects[object]!;
      const chances = outOfFold.get(`${image.imageId} ${object}`) ?? rowOf(probabilities, i, model.classes);
      const others = image.objects.filter((other) => other !== own);
      let top = 0;
      for (let k = 1; k < names.length; k++) if (chances[k]! > chances[top]!) top = k;
      found.push({ imageId: image.imageId, position: own.position, top, confidence: chances[top]! });
      return Object.values(evidenceOf({ ...own, chances }, image, others, usual));
    });
    parts.push(chancesOf(verdict, rows));
  }
  const usualChances = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    usualChances.set(part, at);
    at += part.length;
  }
  const { chances, shares } = atOwnShares(usualChances, OUTCOMES);
  return {
    rows: found.map(({ imageId, position, top, confidence }, i) => {
      const { chance, worst } = verdictAt(chances, i, OUTCOMES);
      return {
        imageId,
        position,
        chance,
        fault: FAULTS[worst]!,
        labelId: labelIds[top] ?? null,
        confidence: Number.isNaN(confidence) ? null : confidence,
        area: null,
      };
    }),
    shares,
  };
}

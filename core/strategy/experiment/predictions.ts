import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskInput } from '../../../rpc/contract/jobs.ts';
import type { Arm, ExperimentResults } from '../../../rpc/contract/experiments.ts';
import { AssayError } from '../../../rpc/errors.ts';
import { counted, listed } from '../../../rpc/format.ts';
import type { TaskContext } from '../../../rpc/progress.ts';
import { isCrowd, toPixels } from '../../base/boxes.ts';
import type { ManifestRow } from '../../import/sources/manifest-row.ts';
import { hashFile } from '../../project/originals.ts';
import type { Project } from '../../project/project.ts';
import { MANIFEST, manifestHash, parseManifest, readManifest } from '../../release/manifest.ts';
import { analyse } from './analyse.ts';
import { detectionsIn } from './box-predictions.ts';
import { boxedHoldout, labelledHoldout } from './data.ts';
import { assembled } from './experiments.ts';
import { ExperimentSetsFile, SETS_FILE, type ExperimentSets } from './export.ts';
import { boxJudge, classJudge } from './judge.ts';
import type { TrueBox } from './mean-ap.ts';
import { answersOf, type Answers } from './metrics.ts';
import {
  NO_IMAGE,
  noImage,
  predictionRows,
  refusing,
  setIn,
  setNames,
  textIn,
  wholeArms,
  type Wanted,
} from './prediction-rows.ts';

/** How far probabilities may be from one, which rounding to two decimals takes. */
const SLACK = 0.02;

/**
 * Judges what an own network predicted after training on exported sets, as the learners are judged. Records nothing.
 * Throws `NOT_FOUND` where a file is not there, `VERIFY_FAILED` where the sets are not those on record, and
 * `INVALID_INPUT` naming the line and the remedy where a prediction cannot be used, or some are missing.
 */
export async function judgePredictions(
  project: Project,
  { sets: folder, predictions: file, name }: TaskInput<'experiment-add'>,
  { progress, signal }: TaskContext,
): Promise<{ results: ExperimentResults; sha256: string }> {
  const sets = readSets(project, folder);
  const sha256 = await hashFile(file, signal).catch((error: unknown) => {
    throw new AssayError('NOT_FOUND', `There is no file ${file} (--predictions).`, { file }, error);
  });
  const { draws } = sets.options;
  const who = { learner: name, isOwn: true, penalty: null };
  const onDraw = (done: number): void => progress({ stage: 'measuring', done, total: draws, unit: 'draws' });
  const classes = sets.data.classes.length;
  if (sets.boxes) {
    const judge = boxJudge(trueBoxes(project, sets), classes);
    const { arms, answers } = await detectionsIn(file, sets, namesOf(project, sets));
    return { results: assembled(sets, [analyse(who, arms, answers, judge, sets.options, onDraw)]), sha256 };
  }
  const judge = classJudge(truthOf(project, sets), classes);
  const { arms, answers } = await answersIn(file, sets, namesOf(project, sets));
  return { results: assembled(sets, [analyse(who, arms, answers, judge, sets.options, onDraw)]), sha256 };
}

/** The sets of a folder that the project wrote, as they are on record. */
function readSets({ store }: Project, folder: string): ExperimentSets {
  const found = readManifest(folder);
  const known = store.decisions.releases().some((one) => one.manifestSha256 === found?.sha256);
  const listing = found && parseManifest(found.bytes);
  if (!found || !known || !listing)
    throw new AssayError(
      'NOT_FOUND',
      `${folder} (--sets) holds no training sets that this project wrote (${MANIFEST}): name the folder of assay experiment export.`,
      { folder },
    );
  try {
    const bytes = readFileSync(join(folder, SETS_FILE));
    const wanted = listing.files.find(({ path }) => path === SETS_FILE)?.sha256;
    if (manifestHash(bytes) === wanted) return ExperimentSetsFile.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    // Said below: whatever is wrong with it, it is not as it was written.
  }
  throw new AssayError(
    'VERIFY_FAILED',
    `${SETS_FILE} in ${folder} (--sets) is not as it was written: take the folder as assay experiment export wrote it.`,
    { folder },
  );
}

/** Classes of the exported hold-out, by the labels that hold now. Throws where an image of it is no longer one. */
function truthOf(project: Project, { model, holdout, data }: ExperimentSets): Int32Array {
  const { store } = project;
  const labels = labelledHoldout(project, model);
  return Int32Array.from(holdout, (sha256) => {
    const label = labels.get(store.images.idOf(sha256) ?? -1);
    const place = label === undefined ? -1 : data.classes.indexOf(label);
    return place >= 0 ? place : refuseChanged(sha256, 'labelled image');
  });
}

/** Boxes of the exported hold-out that hold now, of the classes that the sets know. Throws as `truthOf` does. */
function trueBoxes(project: Project, { model, holdout, data }: ExperimentSets): TrueBox[][] {
  const known = boxedHoldout(project, model);
  return holdout.map((sha256) => {
    const item =
      known.get(project.store.images.idOf(sha256) ?? -1) ?? refuseChanged(sha256, 'image with boxes');
    return item.boxes
      .map((box) => ({
        class: data.classes.indexOf(box.label),
        box: toPixels(box, item.width, item.height),
        crowd: isCrowd(box),
      }))
      .filter((box) => box.class >= 0);
  });
}

function refuseChanged(sha256: string, what: string): never {
  throw new AssayError(
    'NOT_READY',
    `The hold-out has changed since the sets were written: ${sha256} is no longer ${what === 'labelled image' ? 'a' : 'an'} ${what} of it. Write the sets again (assay experiment export).`,
    { sha256 },
  );
}

/** The place of a hold-out image by all that predictions may call it: sha256, file in the export, path in the project. */
function namesOf({ store }: Project, { holdout }: ExperimentSets): (name: string) => number | undefined {
  const places = new Map<string, number>();
  for (const [place, sha256] of holdout.entries()) {
    places.set(sha256, place);
    places.set(store.images.releaseRow(store.images.idOf(sha256)!).path, place);
  }
  return (name) => places.get(name) ?? places.get(/([0-9a-f]{64})(?:\.\w+)?$/.exec(name)?.[1] ?? '');
}

/**
 * The arms that a file predicts, each whole, and the answers by arm and training. `placeOf` finds a hold-out image by what
 * the file calls it. Throws as `judgePredictions` does.
 */
export async function answersIn(
  file: string,
  sets: Wanted,
  placeOf: (name: string) => number | undefined,
): Promise<{ arms: Arm[]; answers: Answers[][] }> {
  const read = await readPredictions(file, sets, placeOf);
  return wholeArms(file, sets, read, (set, found) => wholeOf(file, sets, set, found));
}

interface Predicted {
  predicted: Int32Array;
  confidence: Float32Array;
}

/** By set: -1 for images that are not predicted; a confidence of NaN where there are no probabilities. */
type Read = Map<string, Predicted>;

async function readPredictions(
  file: string,
  sets: Wanted,
  placeOf: (name: string) => number | undefined,
): Promise<Read> {
  const { classes } = sets.data;
  const names = setNames(sets);
  const read: Read = new Map();
  for await (const { line, values } of predictionRows(file)) {
    const refuse = refusing(file, line);
    const set = setIn(values, names, refuse);
    const image = textIn(values, ['image', 'sha256', 'path']) ?? refuse(NO_IMAGE);
    const place = placeOf(image) ?? refuse(noImage(image));
    const found = read.get(set) ?? {
      predicted: new Int32Array(sets.holdout.length).fill(-1),
      confidence: new Float32Array(sets.holdout.length).fill(Number.NaN),
    };
    read.set(set, found);
    if (found.predicted[place]! >= 0) refuse(`${image} is predicted twice in ${set}. Leave one row out.`);
    const probabilities = probabilitiesIn(values, classes, refuse);
    if (probabilities) {
      const { predicted, confidence } = answersOf(probabilities, classes.length);
      found.predicted[place] = predicted[0]!;
      found.confidence[place] = confidence![0]!;
      continue;
    }
    const label =
      textIn(values, ['class', 'label', 'prediction']) ??
      refuse(
        'there is no class. Put it in a column `class`, or a probability of each in columns `p_<class>`.',
      );
    const k = classes.indexOf(label);
    found.predicted[place] =
      k >= 0 ? k : refuse(`there is no class ${label}. Classes are ${listed(classes)}.`);
  }
  return read;
}

/** Of each class, from `p_<class>` or `probabilities`; null where there is none of them. */
function probabilitiesIn(
  values: ManifestRow['values'],
  classes: readonly string[],
  refuse: (problem: string) => never,
): Float64Array | null {
  const nested = values['probabilities'];
  const given: Record<string, unknown> =
    typeof nested === 'object' && nested !== null
      ? (nested as Record<string, unknown>)
      : Object.fromEntries(
          Object.entries(values).flatMap(([name, value]) =>
            name.startsWith('p_') && value !== null && value !== '' ? [[name.slice(2), value]] : [],
          ),
        );
  const names = Object.keys(given);
  if (names.length === 0) return null;
  const strange = names.find((name) => !classes.includes(name));
  if (strange !== undefined) refuse(`there is no class ${strange}. Classes are ${listed(classes)}.`);
  const missing = classes.find((name) => given[name] === undefined || given[name] === null);
  if (missing !== undefined) refuse(`there is no probability of ${missing}. Give one of each class.`);
  const probabilities = Float64Array.from(classes, (name) => Number(given[name]));
  if (!probabilities.every((p) => p >= 0 && p <= 1))
    refuse('a probability is not from 0 to 1. Give the softmax, not the logits.');
  const sum = probabilities.reduce((total, p) => total + p, 0);
  if (Math.abs(sum - 1) > SLACK)
    refuse(
      `the probabilities sum to ${Number(sum.toFixed(4))}, not to 1. Give the softmax over all classes.`,
    );
  return probabilities.map((p) => p / sum);
}

/** The answers of a set, all of which must be there. */
function wholeOf(file: string, { holdout }: Wanted, set: string, found: Predicted): Answers {
  const { predicted, confidence } = found;
  const missing = [...predicted.keys()].filter((place) => predicted[place]! < 0);
  if (missing.length > 0)
    throw new AssayError(
      'INVALID_INPUT',
      `${file}: ${counted(missing.length, 'hold-out image is', 'hold-out images are')} not predicted in ${set}, such as ${holdout[missing[0]!]}. Predict every image of holdout.jsonl.`,
      { file, set },
    );
  return { predicted, confidence: confidence.some(Number.isNaN) ? null : confidence };
}

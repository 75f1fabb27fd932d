import * as z from 'zod';
import type { DecodePool } from '../../../imaging/decode-pool.ts';
import type { TaskInput } from '../../../rpc/contract/jobs.ts';
import type { Arm, ExperimentExport, ExperimentResults } from '../../../rpc/contract/experiments.ts';
import { WITHHELD } from '../../../rpc/contract/releases.ts';
import { counted, integer } from '../../../rpc/format.ts';
import type { TaskContext } from '../../../rpc/progress.ts';
import type { Store } from '../../../db/store.ts';
import { isCrowd, toPixels } from '../../base/boxes.ts';
import { APP_VERSION } from '../../base/version.ts';
import type { WritableProject } from '../../project/project.ts';
import type { ExportItem } from '../../release/formats/define.ts';
import { checkpoint, copyImages } from '../../release/formats/items.ts';
import { datasetOf, writeRelease, type Sealing } from '../../release/seal.ts';
import { ReleaseSelection } from '../../release/selection.ts';
import { drawOrder, labelsOfArm, softOfArm } from './arms.ts';
import { experimentData, givenBoxes, type ProjectData } from './data.ts';
import { optionsOf, planOf, summaryOf } from './experiments.ts';

/** Name on record of a release that holds the training sets of an experiment. */
const SETS_FORMAT = 'experiment-sets';
/** File of such a release that says what its sets are. */
export const SETS_FILE = 'experiment.json';
/** File that numbers the hold-out images and the classes of a detector as COCO does. */
const COCO_FILE = 'holdout.coco.json';

/** What `experiment.json` holds: everything that predictions are judged by, besides the labels of the hold-out. */
export interface ExperimentSets extends Pick<ExperimentResults, 'options' | 'model' | 'data' | 'impossible'> {
  format: 'assay-experiment-sets-1';
  arms: Arm[];
  /** sha256 of each hold-out image, in their order. */
  holdout: string[];
  /** For a detector: boxes are predicted. */
  boxes?: true;
}

/** What of it is checked when it is read again; the hash of the file is on record. */
export const ExperimentSetsFile = z
  .object({ format: z.literal('assay-experiment-sets-1') })
  .loose() as unknown as z.ZodType<ExperimentSets>;

/** The name by which predictions say which training set they are from. */
export const setName = ({ id }: Arm, training: number): string => `${id}/${training + 1}`;

/**
 * Writes the training sets of a grid for a network that is trained elsewhere: every image once, a list for each training
 * of each arm, and the hold-out without its labels. A release of the project. Throws what `runExperiment` and
 * `writeRelease` throw.
 */
export async function exportExperiment(
  project: WritableProject,
  options: TaskInput<'experiment-export'>,
  pool: DecodePool,
  task: TaskContext,
): Promise<ExperimentExport> {
  task.progress({ stage: 'reading embeddings', done: 0, total: 1, unit: 'sets' });
  const data = await experimentData(project, options, task.signal);
  const { arms, impossible } = planOf(data, options);
  const selection = new ReleaseSelection(project, {
    roles: ['real', 'holdout', 'synthetic'],
    undecided: 'in',
    include: [...WITHHELD],
    tag: null,
  });
  const trainings = Math.max(...arms.map(({ seeds }) => seeds));
  const drawn = new Set<number>();
  const lists = function* (): Generator<{ arm: Arm; training: number; rows: TrainingRow[] }> {
    for (let training = 0; training < trainings; training++) {
      const rowsOf = rowsOfTraining(data, options.seed, training);
      for (const arm of arms) if (training < arm.seeds) yield { arm, training, rows: rowsOf(arm) };
    }
  };
  for (const { rows } of lists()) for (const { id } of rows) drawn.add(id);
  const ids = [...drawn, ...data.images.holdout];
  const items = ids.map((id) => selection.itemOf(id)).sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
  const shas = new Map(ids.map((id) => [id, selection.itemOf(id)]));
  const counts = countsOf(items);
  const sets = arms.reduce((sum, { seeds }) => sum + seeds, 0);
  const about: ExperimentSets = {
    format: 'assay-experiment-sets-1',
    options: optionsOf(options),
    ...summaryOf(data),
    impossible,
    arms,
    holdout: data.images.holdout.map((id) => shas.get(id)!.sha256),
    ...(options.boxes && { boxes: true }),
  };
  const { folder, manifestSha256 } = await writeRelease(
    project,
    options.to,
    pool,
    task.signal,
    async (output) => {
      await copyImages(
        {
          ...task,
          output,
          items,
          count: items.length,
          classes: data.classes,
          dataset: datasetOf(project, selection.head, {
            description: 'Training sets of an experiment on the ratio of real to synthetic images.',
            licence: options.licence,
            creator: options.by,
            hasBoxes: false,
            counts: counts.origins,
          }),
        },
        pathOf,
      );
      let done = 0;
      for (const { arm, training, rows } of lists()) {
        checkpoint(task.signal);
        task.progress({ stage: 'writing sets', done: done++, total: sets, unit: 'sets' });
        const lines = rows.map(({ id, label, shares }, position) => {
          const item = shas.get(id)!;
          const { sha256, role } = item;
          const targets = shares && targetsOf(shares, data.classes);
          const path = pathOf(item);
          const said = options.boxes
            ? { boxes: boxesOf(project.store, id, item, arm, data.classes[label]!) }
            : { label: data.classes[label], ...targets };
          return JSON.stringify({ position, sha256, path, role, ...said });
        });
        await output.writeText(`sets/${setName(arm, training)}.jsonl`, `${lines.join('\n')}\n`);
      }
      const tested = data.images.holdout.map((id) => {
        const item = shas.get(id)!;
        return JSON.stringify({ sha256: item.sha256, path: pathOf(item) });
      });
      await output.writeText('holdout.jsonl', `${tested.join('\n')}\n`);
      if (options.boxes) await output.writeText(COCO_FILE, cocoImages(data, shas));
      await output.writeText(SETS_FILE, `${JSON.stringify(about, null, 1)}\n`);
      await output.writeText('README.md', readme(about, sets));
      return {
        actor: options.by,
        event: {
          format: SETS_FORMAT,
          options: {
            roles: ['real', 'synthetic', 'holdout'],
            undecided: 'in',
            include: [...WITHHELD],
          },
        },
        head: selection.head,
        images: items,
        counts: { images: items.length, ...counts, leftOut: {} },
      } satisfies Sealing;
    },
  );
  return {
    folder,
    sets,
    arms: arms.length,
    images: drawn.size,
    holdout: about.holdout.length,
    manifestSha256,
  };
}

interface TrainingRow {
  id: number;
  label: number;
  /** Of each class, where people's answers are its target. */
  shares: Float64Array | undefined;
}

const targetsOf = (shares: Float64Array, classes: readonly string[]) => ({
  targets: Object.fromEntries(
    classes.flatMap((name, k) => (shares[k]! > 0 ? [[name, Number(shares[k]!.toFixed(6))]] : [])),
  ),
});

/** The images of an arm at a training, with the labels that it has there. */
function rowsOfTraining(
  { images, real, synthetic }: ProjectData,
  seed: number,
  training: number,
): (arm: Arm) => TrainingRow[] {
  const realOrder = drawOrder(seed, training, 'real', images.real.length);
  const otherOrder = drawOrder(seed, training, 'synthetic', images.synthetic.length);
  const realLabels = realOrder.map((place) => real.labels[place]!);
  return (arm) => {
    const state = arm.source === 'verified' ? synthetic.verified : synthetic.generated;
    const labels = labelsOfArm(
      arm,
      realLabels,
      otherOrder.map((place) => state[place]!),
      seed,
      training,
    );
    const soft = softOfArm(arm, labels, { real, synthetic }, [realOrder, otherOrder]);
    const rows: TrainingRow[] = [];
    labels.forEach((label, row) => {
      if (label < 0) return;
      const n = realOrder.length;
      rows.push({
        id: row < n ? images.real[realOrder[row]!]! : images.synthetic[otherOrder[row - n]!]!,
        label,
        shares: soft.get(row),
      });
    });
    return rows;
  };
}

/** The boxes that an image has in an arm, in pixels: as it came, or as they hold; of the control all have its label. */
function boxesOf(store: Store, id: number, item: ExportItem, { source }: Arm, label: string) {
  const isGiven = item.role === 'synthetic' && source !== 'verified';
  const own = (isGiven ? givenBoxes(store, id) : item.boxes) ?? [];
  return own.map((box) => ({
    label: isGiven && source === 'shuffled' ? label : box.label,
    bbox: toPixels(box, item.width, item.height),
    ...(isCrowd(box) && { iscrowd: 1 }),
  }));
}

/** The hold-out images of a detector as COCO lists them, without their boxes. */
function cocoImages({ images, classes }: ProjectData, items: ReadonlyMap<number, ExportItem>): string {
  return `${JSON.stringify(
    {
      images: images.holdout.map((id, place) => {
        const { width, height } = items.get(id)!;
        return { id: place + 1, file_name: pathOf(items.get(id)!), width, height };
      }),
      categories: classes.map((name, k) => ({ id: k + 1, name })),
      annotations: [],
    },
    null,
    1,
  )}\n`;
}

const pathOf = ({ role, fileName }: ExportItem): string =>
  `${role === 'holdout' ? 'holdout' : 'images'}/${fileName}`;

function countsOf(items: readonly ExportItem[]) {
  const counts = {
    origins: { given: 0, accepted: 0, relabelled: 0 },
    basis: { verified: 0, policy: 0, given: 0 },
  };
  for (const { origin, basis } of items) {
    counts.origins[origin]++;
    counts.basis[basis]++;
  }
  return counts;
}

function readme({ data, arms, holdout, boxes }: ExperimentSets, sets: number): string {
  const set = setName(arms[0]!, 0);
  const lists = boxes
    ? `their boxes there (\`bbox\`: left, top, width and height in pixels of the upright picture): \`path\`, \`sha256\`, \`role\`, \`boxes\`. Boxes are those of the arm`
    : `their labels there: \`path\`, \`sha256\`, \`label\`, \`role\`. Where people's answers are the target, \`targets\` has the share of each class: train on it (cross-entropy) in place of \`label\`. Labels are those of the arm`;
  const back = boxes
    ? `The predictions are boxes. One JSON file of COCO results, \`{"${set}": [{"image_id": 1, "category_id": 1, "bbox": [x, y, width, height], "score": 0.9}, …], …}\`, a list for each set, by the numbers of \`${COCO_FILE}\`; or JSON Lines, CSV or Parquet, a row for each box: \`set\`, \`image\` (sha256 or path here), \`class\`, \`bbox\`, \`score\`. Of an image and class the 100 surest count. An arm may be left out whole.`
    : `The predictions are CSV, JSON Lines or Parquet, a row for each set and hold-out image: \`set\` (\`${set}\`), \`image\` (its sha256, or its path here), and \`class\`, or a column \`p_<class>\` for each class (JSON Lines and Parquet also: an object \`probabilities\`). An arm may be left out whole.`;
  return `# Training sets of an experiment

${counted(sets, 'training set')} of ${counted(arms.length, 'arm')}, written with Assay ${APP_VERSION}. Train a network on each from the same start, let it predict the ${counted(holdout.length, 'hold-out image')}, and hand all predictions back as one file.

- \`sets/<arm>/<training>.jsonl\`: the images of a set with ${lists}: take them from here alone.
- \`holdout.jsonl\`: the images to predict, without labels. Never train on them, or choose anything by them.
- \`${SETS_FILE}\`: the arms, the options and the ${integer(data.classes.length)} classes.

${back}

\`\`\`
assay experiment add <project> --sets <this folder> --predictions predictions.${boxes ? 'json' : 'csv'} --name resnet-18
\`\`\`
`;
}

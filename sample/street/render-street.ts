import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { encodeImage } from '../../imaging/encode.ts';
import { Random } from '../../imaging/random.ts';
import type { SampleSummary } from '../../rpc/contract/catalog.ts';
import { ROLES, type Role } from '../../rpc/contract/terms.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import { inFlight, writeSet } from '../write-set.ts';
import { spoilObjects, STREET_FAULTS, type Annotated, type StreetFault } from './faults.ts';
import { STREET_NAMES } from './objects.ts';
import { HEIGHT, paintStreet, WIDTH } from './scene.ts';

/** Synthetic pictures when nobody says how many, and the fewest that can be asked for. */
const DEFAULT_COUNT = 600;
const FEWEST = 40;
const MOST = 100_000;
/** Share of the synthetic pictures with one object that is wrong. */
const FAULTY = 0.05;

export interface StreetRequest extends TaskContext {
  /** Target folder; created if absent, refused if not empty. */
  folder: string;
  /** A non-negative integer: the same seed and size give the same bytes on the same machine. */
  seed: number;
  synthetic: number | null;
}

interface Rendered {
  name: string;
  objects: Annotated[];
  /** What is wrong with which object; null in a sound picture. */
  answer: { fault: StreetFault; at: number; note: string } | null;
}

/**
 * Renders streets with boxes and masks as COCO: `real/`, `holdout/` and `synthetic/`, each with `images/` and
 * `annotations.json`, and `answers.csv`, which names what is wrong in the faulty pictures and only a benchmark may read.
 * Errors are those of `writeSet`, and `INVALID_INPUT` for an impossible count.
 */
export async function renderStreet(job: StreetRequest): Promise<SampleSummary> {
  const count = job.synthetic ?? DEFAULT_COUNT;
  if (!Number.isInteger(count) || count < FEWEST || count > MOST)
    throw new AssayError(
      'INVALID_INPUT',
      `a sample of ${count} synthetic pictures of streets cannot be made; ask for a whole number from ${FEWEST} to ${MOST}`,
      { synthetic: count },
    );
  const counts: Record<Role, number> = {
    real: Math.max(24, Math.round(Math.min(count, 2000) * 0.4)),
    holdout: Math.max(12, Math.round(Math.min(count, 2000) * 0.15)),
    synthetic: count,
  };
  return writeSet(job, ['real', 'holdout', 'synthetic', 'answers.csv'], async ({ folder, finish, bytes }) => {
    const faults = planFaults(new Random(job.seed, 'street', 'plan'), count);
    const total = counts.real + counts.holdout + count;
    let done = 0;
    const answers: string[][] = [];
    const found: Record<string, number> = {};
    for (const side of ROLES) {
      await mkdir(join(folder, side, 'images'), { recursive: true });
      const rendered: Rendered[] = [];
      const numbers = Array.from({ length: counts[side] }, (_, i) => i);
      await inFlight(numbers, job.signal, async (i) => {
        const fault = side === 'synthetic' ? (faults[i] ?? null) : null;
        const { content, ...own } = await renderOne(job.seed, side, i, fault);
        await finish(`${side}/images/${own.name}`, content);
        rendered[i] = own;
        job.progress({ stage: 'rendering images', done: ++done, total, unit: 'images' });
      });
      const coco = cocoOf(rendered);
      await finish(`${side}/annotations.json`, JSON.stringify(coco.file));
      for (const [i, { name, answer }] of rendered.entries()) {
        if (!answer) continue;
        found[answer.fault] = (found[answer.fault] ?? 0) + 1;
        const id = answer.at < 0 ? '' : String(coco.ids[i]![answer.at]);
        answers.push([`synthetic/images/${name}`, answer.fault, id, answer.note]);
      }
    }
    await finish('answers.csv', stringify([['path', 'fault', 'annotation', 'note'], ...answers]));
    return {
      folder,
      seed: job.seed,
      classes: [...STREET_NAMES],
      ...counts,
      faults: found,
      bytes: bytes(),
    };
  });
}

/** Which picture gets which fault: every kind about equally often. */
function planFaults(random: Random, count: number): (StreetFault | undefined)[] {
  const plan: (StreetFault | undefined)[] = Array.from({ length: count }, () => undefined);
  const places = random.shuffle(plan.map((_, i) => i));
  const faulty = Math.max(STREET_FAULTS.length, Math.round(count * FAULTY));
  for (const [i, place] of places.slice(0, faulty).entries())
    plan[place] = STREET_FAULTS[i % STREET_FAULTS.length];
  return plan;
}

/** A pure function of the set's seed, the side and the number. A scene without room for its fault is painted again. */
async function renderOne(
  seed: number,
  side: Role,
  index: number,
  fault: StreetFault | null,
): Promise<Rendered & { content: Buffer }> {
  for (let attempt = 0; ; attempt++) {
    const random = new Random(seed, 'street', side, index, attempt);
    const { picture, objects } = paintStreet(random, side === 'synthetic' ? 'generator' : 'camera');
    const spoilt = fault && spoilObjects(random, objects, fault);
    if (fault && !spoilt) continue;
    const content = await encodeImage(picture.rgb, WIDTH, HEIGHT, 'jpeg', {
      quality: 88 + random.integer(6),
    });
    return {
      name: `${side === 'synthetic' ? 'gen' : 'cam'}_${String(index).padStart(5, '0')}.jpg`,
      content,
      objects: spoilt ? spoilt.objects : objects,
      answer: fault && spoilt ? { fault, at: spoilt.at, note: spoilt.note } : null,
    };
  }
}

/** The annotation file, and the ids of each picture's annotations in their order. */
function cocoOf(rendered: readonly Rendered[]) {
  let next = 0;
  const ids = rendered.map(({ objects }) => objects.map(() => ++next));
  const annotations = rendered.flatMap(({ objects }, i) =>
    objects.map(({ label, box, mask }, o) => ({
      id: ids[i]![o],
      image_id: i + 1,
      category_id: STREET_NAMES.indexOf(label) + 1,
      bbox: box,
      area: mask.reduce((sum, value) => sum + value, 0),
      segmentation: { size: [HEIGHT, WIDTH], counts: runs(mask) },
      iscrowd: 0,
    })),
  );
  return {
    ids,
    file: {
      images: rendered.map(({ name }, i) => ({ id: i + 1, file_name: name, width: WIDTH, height: HEIGHT })),
      categories: STREET_NAMES.map((name, i) => ({ id: i + 1, name })),
      annotations,
    },
  };
}

/** COCO's uncompressed runs: column by column, zeros first. */
function runs(mask: Uint8Array): number[] {
  const counts: number[] = [];
  let [value, length] = [0, 0];
  for (let x = 0; x < WIDTH; x++)
    for (let y = 0; y < HEIGHT; y++) {
      if (mask[y * WIDTH + x] === value) length++;
      else {
        counts.push(length);
        [value, length] = [1 - value, 1];
      }
    }
  counts.push(length);
  return counts;
}

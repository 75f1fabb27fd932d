import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DecodePool } from '../imaging/decode-pool.ts';
import { MIX_FORMS, MixInput, type MixForm } from '../rpc/contract/mixes.ts';
import type { RecordedFile } from '../core/ledger/events.ts';
import { record } from '../core/ledger/ledger.ts';
import { mulberry32 } from '../core/base/numeric/random.ts';
import { Project, type WritableProject } from '../core/project/project.ts';
import { setMixPolicy } from '../core/strategy/mix/policy.ts';
import { writeMix } from '../core/strategy/mix/write-mix.ts';
import { ACTOR, timed, type BenchContext } from './context.ts';

/** How fast a mix is written: read from its files and hashed, laid down, hashed again, and put on record. */
export interface MixRate {
  form: MixForm;
  images: number;
  /** Of the images. */
  megabytes: number;
  seconds: number;
}

/** About a photograph of 512 x 384 pixels. Nothing of it is decoded. */
const IMAGE_BYTES = 90_000;
const CLASSES = Array.from({ length: 20 }, (_, i) => `class ${i}`);
/** Files of an event, as an import has them. */
const FILES = 128;
const REAL = 0.4;

/** Writes a mix of nearly `images` images in each form. */
export async function measureMixes(bench: BenchContext, images: number): Promise<MixRate[]> {
  bench.say(`Strategy: mixes of ${images} images …`);
  const folder = mkdtempSync(join(bench.workFolder, 'mixes-'));
  const project = Project.create(join(folder, 'project'), ACTOR);
  const pool = new DecodePool();
  try {
    fill(project, join(folder, 'files'), images);
    const rates: MixRate[] = [];
    for (const form of MIX_FORMS) {
      const to = join(folder, form);
      const asked = { project: project.folder, by: ACTOR, to, batchSize: 64, realShare: REAL, as: [form] };
      const { seconds, value } = await timed(() =>
        writeMix(project, MixInput.parse(asked), pool, { signal: bench.signal, progress: bench.progress }),
      );
      rates.push({ form, images: value.images, megabytes: (value.images * IMAGE_BYTES) / 1e6, seconds });
      rmSync(to, { recursive: true });
    }
    return rates;
  } finally {
    await pool.close();
    project.close();
  }
}

/** Files of random bytes, and a project that has imported and scored them. */
function fill(project: WritableProject, root: string, images: number): void {
  const { store } = project;
  const random = mulberry32(1);
  const bytes = Buffer.from(Uint32Array.from({ length: IMAGE_BYTES / 4 }, () => 2 ** 32 * random()).buffer);
  for (const [role, count] of [
    ['real', Math.round(REAL * images)],
    ['synthetic', images - Math.round(REAL * images)],
  ] as const) {
    const own = { name: role, role, root: join(root, role), source: 'flat-folder', parents: [] };
    mkdirSync(own.root, { recursive: true });
    record(store, ACTOR, 'batch.created', { ...own, classes: CLASSES });
    for (let first = 0; first < count; first += FILES) {
      const files = Array.from({ length: Math.min(FILES, count - first) }, (_, i): RecordedFile => {
        const path = `${first + i}.jpg`;
        bytes.writeDoubleLE(random());
        writeFileSync(join(own.root, path), bytes);
        return {
          path,
          bytes: bytes.length,
          modifiedMs: 1,
          label: CLASSES[(first + i) % CLASSES.length]!,
          image: {
            sha256: createHash('sha256').update(bytes).digest('hex'),
            format: 'jpeg',
            width: 512,
            height: 384,
            copied: false,
          },
        };
      });
      record(store, ACTOR, 'files.imported', { batch: role, files });
    }
  }
  const digest = createHash('sha256').update('none').digest('hex');
  const run = { model: digest, modelId: 'none', device: 'cpu', parameters: {}, images, digest };
  record(store, ACTOR, 'run.finished', run);
  setMixPolicy(project, ACTOR, { unreviewed: true });
}

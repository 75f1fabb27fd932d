import { resolve } from 'node:path';
import * as z from 'zod';
import type { MixRow } from '../../db/queries/mixes.ts';
import type { Store } from '../../db/store.ts';
import { roundAlarms, type RoundInfo, type Rounds } from '../../rpc/contract/rounds.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { EventBodies } from '../ledger/events.ts';
import { record } from '../ledger/ledger.ts';
import { hashFile } from '../project/originals.ts';
import type { WritableProject } from '../project/project.ts';
import { MANIFEST, readManifest } from '../release/manifest.ts';
import { recordedMix } from './mix/mixes.ts';

/** Every round on record, each beside the one before it. */
export function listRounds(store: Store): Rounds {
  const folders = new Map(store.mixes.all().map(({ manifestSha256, folder }) => [manifestSha256, folder]));
  const rows = store.rounds.all();
  return {
    rounds: rows.map(({ mixSha256, model, modelSha256, holdout, ...row }, i) => ({
      id: row.id,
      name: row.name,
      at: row.at,
      by: row.by,
      realImages: row.realImages,
      newRealImages: row.newRealImages,
      realShare: row.realShare,
      mix: { sha256: mixSha256, folder: folders.get(mixSha256) ?? '' },
      model: model === null ? null : { name: model, sha256: modelSha256 },
      holdout: holdout === null ? [] : (JSON.parse(holdout) as RoundInfo['holdout']),
      alarms: roundAlarms(rows.slice(0, i + 1)),
    })),
    newestRealAt: store.rounds.newestReal(),
  };
}

interface NewRound {
  name: string;
  /** Folder of the mix, or the beginning of its manifest's sha256. */
  mix: string;
  model: { name: string; sha256: string | null; file: string | null } | null;
  holdout: RoundInfo['holdout'];
}

/**
 * Puts a training on record. Throws `ALREADY_EXISTS` for a name that is taken, `NOT_FOUND` where the mix is not on record
 * or not where it was written, and `VERIFY_FAILED` where its manifest is another one.
 */
export async function addRound(
  { store }: WritableProject,
  actor: string,
  { name, mix, model, holdout }: NewRound,
): Promise<RoundInfo> {
  const before = store.rounds.all();
  if (before.some((round) => round.name === name))
    throw new AssayError('ALREADY_EXISTS', `There is a round "${name}" already: give this one another name.`);
  const mixes = store.mixes.all();
  const { row, folder, manifest } = findMix(mixes, mix);
  const last = mixes.find(({ manifestSha256 }) => manifestSha256 === before.at(-1)?.mixSha256);
  const real = realImagesOf(folder, manifest, row);
  const isNew = (sha256: string): boolean => (store.rounds.realSince(sha256) ?? 0) > (last?.seq ?? 0);
  const { images, real: realPlaces } = recordedMix(row);
  const sha256 = model?.file ? await hashOf(model.file) : model?.sha256;
  await store.whenFree();
  record(store, actor, 'round.added', {
    name,
    mix: row.manifestSha256,
    model: model ? { name: model.name, sha256: sha256 ?? undefined } : undefined,
    realImages: real.length,
    newRealImages: real.filter(isNew).length,
    realShare: realPlaces / images,
    holdout: holdout.length > 0 ? holdout : undefined,
  } satisfies EventBodies['round.added']);
  return listRounds(store).rounds.at(-1)!;
}

type MixManifest = ReturnType<typeof readManifest>;

/** The mix on record that is meant, where it lies, and its manifest there. */
function findMix(
  known: readonly MixRow[],
  named: string,
): { row: MixRow; folder: string; manifest: MixManifest } {
  if (/^[0-9a-f]{8,64}$/.test(named)) {
    const [row, ...others] = known.filter(({ manifestSha256 }) => manifestSha256.startsWith(named));
    if (row && others.length === 0) return { row, folder: row.folder, manifest: readManifest(row.folder) };
  }
  const folder = resolve(named);
  const manifest = readManifest(folder);
  const row = known.find(({ manifestSha256 }) => manifestSha256 === manifest?.sha256);
  if (row) return { row, folder, manifest };
  throw new AssayError(
    'NOT_FOUND',
    `${named} (--mix) is no mix that this project wrote: name its folder, or 8 digits or more of its manifest's sha256. assay mix list shows them.`,
    { mix: named },
  );
}

const Images = z.object({ images: z.array(z.object({ sha256: z.string(), role: z.string() })) });

/** Real images of a mix, by its manifest as it was written. */
function realImagesOf(folder: string, manifest: MixManifest, { manifestSha256 }: MixRow): string[] {
  if (!manifest)
    throw new AssayError(
      'NOT_FOUND',
      `The mix is not at ${folder} any more, where it was written: name the folder where it lies now (--mix).`,
      { folder },
    );
  if (manifest.sha256 !== manifestSha256)
    throw new AssayError(
      'VERIFY_FAILED',
      `${folder} does not hold the mix that is on record any more (${MANIFEST}): see assay verify ${folder}.`,
      { folder },
    );
  const { images } = Images.parse(JSON.parse(manifest.bytes.toString('utf8')));
  return images.filter(({ role }) => role === 'real').map(({ sha256 }) => sha256);
}

async function hashOf(file: string): Promise<string> {
  return hashFile(file, new AbortController().signal).catch((error: unknown) => {
    throw new AssayError(
      'NOT_FOUND',
      `There is no model file ${file} to hash (--model-file): name the file that training saved.`,
      { file },
      error,
    );
  });
}

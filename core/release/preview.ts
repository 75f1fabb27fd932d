import { setImmediate as turn } from 'node:timers/promises';
import type { LeftOut, ReleaseInfo, ReleasePreview } from '../../rpc/contract/releases.ts';
import type { PairCertainty } from '../../rpc/contract/terms.ts';
import { AssayError } from '../../rpc/errors.ts';
import { fileTimes } from '../project/originals.ts';
import type { Project } from '../project/project.ts';
import { ItemSurvey, MAX_SPLITS } from './formats/items.ts';
import { targetProblem } from './formats/output.ts';
import { lossesOf } from './losses.ts';
import { formatOf, mixedHoldout, NOTHING } from './releases.ts';
import { ReleaseSelection, type ReleaseChoice, type Surveyed } from './selection.ts';

/** Shown for the images that are in, and for each reason to leave images out. */
const EXAMPLES = 12;
/** The preview looks for originals, and counts losses, this long each; the export does so for all images. */
const MOST_MS = 3000;
const TURN_ITEMS = 500;

/**
 * Previews what `exportRelease` would write and leave out now, by the same selection. Writes nothing. Throws `USAGE` for
 * an unknown format; everything else that would stop the export is listed in `problems`.
 */
export async function previewRelease(
  project: Project,
  options: ReleaseChoice & { format: string; to: string },
  signal?: AbortSignal,
): Promise<ReleasePreview> {
  const format = formatOf(options.format);
  const selection = new ReleaseSelection(project, options);
  const tally = new Tally();
  const survey = await selection.survey(signal, (image) => tally.add(image));
  const { count, origins, basis, leftOut } = survey;
  const problems: string[] = [];
  if (count === 0) problems.push(NOTHING);
  const mixed = mixedHoldout(format, survey);
  if (mixed !== null) problems.push(mixed);
  const target = await targetProblem(options.to);
  if (target) problems.push(target.message);
  const splits = format.anySplits ? null : await splitProblem(project, selection, signal);
  if (splits) problems.push(splits);
  problems.push(...(await missingOriginals(selection, signal)));
  const trained = tally.real + tally.synthetic;
  return {
    images: count,
    origins,
    basis,
    classes: [...tally.classes]
      .map(([name, images]) => ({ name, images }))
      .sort((a, b) => b.images - a.images),
    hasBoxes: survey.hasBoxes,
    holdout: selection.holdout(survey),
    realShare: trained === 0 ? null : tally.real / trained,
    leftOut: Object.entries(leftOut).map(([why, images]) => ({
      why: why as LeftOut,
      images,
      certainties: tally.certainties.get(why as LeftOut),
      examples: (tally.left.get(why as LeftOut) ?? []).map((id) => {
        const { sha256, path, batch } = project.store.images.byId(id)!;
        return { sha256, path, batch };
      }),
    })),
    examples: firstOf(selection),
    loses: await lossesOf(project, format, selection, survey, signal, MOST_MS),
    problems,
  };
}

/** All recorded releases, newest first. */
export function listReleases({ store }: Project): ReleaseInfo[] {
  return store.overview.releases();
}

/** What the preview shows besides the counts. */
class Tally {
  real = 0;
  synthetic = 0;
  readonly classes = new Map<string | null, number>();
  /** Ids of the first images left out, by reason. */
  readonly left = new Map<LeftOut, number[]>();
  /** How surely those that are left out as copies are copies, by reason. */
  readonly certainties = new Map<LeftOut, Partial<Record<PairCertainty, number>>>();

  add({ id, role, why, certainty, label }: Surveyed): void {
    if (why !== null) {
      if (certainty !== null) {
        const counts = this.certainties.get(why) ?? {};
        this.certainties.set(why, { ...counts, [certainty]: (counts[certainty] ?? 0) + 1 });
      }
      const examples = this.left.get(why) ?? [];
      if (examples.length === 0) this.left.set(why, examples);
      if (examples.length < EXAMPLES) examples.push(id);
      return;
    }
    this.classes.set(label, (this.classes.get(label) ?? 0) + 1);
    if (role === 'real') this.real++;
    if (role === 'synthetic') this.synthetic++;
  }
}

function firstOf(selection: ReleaseSelection): ReleasePreview['examples'] {
  const examples: ReleasePreview['examples'] = [];
  for (const { sha256, fileName, label, origin } of selection) {
    if (examples.length === EXAMPLES) break;
    examples.push({ sha256, path: fileName, label, origin });
  }
  return examples;
}

/** The refusal of `survey` for too many splits; reads items only if the project has that many splits. */
async function splitProblem(
  { store }: Project,
  selection: ReleaseSelection,
  signal?: AbortSignal,
): Promise<string | null> {
  if (store.overview.splits(MAX_SPLITS).length < MAX_SPLITS) return null;
  const survey = new ItemSurvey([]);
  let seen = 0;
  try {
    for (const item of selection) {
      survey.add(item);
      if (++seen % TURN_ITEMS > 0) continue;
      await turn();
      signal?.throwIfAborted();
    }
    return null;
  } catch (error) {
    if (error instanceof AssayError) return error.message;
    throw error;
  }
}

async function missingOriginals(selection: ReleaseSelection, signal?: AbortSignal): Promise<string[]> {
  const startedMs = performance.now();
  let missing = 0;
  let first = '';
  let all = true;
  for (const { source } of selection) {
    if (!(await fileTimes(source)) && missing++ === 0) first = source;
    signal?.throwIfAborted();
    all = performance.now() - startedMs < MOST_MS;
    if (!all) break;
  }
  if (missing === 0) return [];
  const amount = missing === 1 ? 'One original is' : `${missing} originals are`;
  return [
    `${all ? '' : 'So far: '}${amount} missing from where it was imported, for instance ${first}. Put it back, then export.`,
  ];
}

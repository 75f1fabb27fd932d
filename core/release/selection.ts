import { join } from 'node:path';
import type { HeldRow } from '../../db/queries/overview.ts';
import { PACK } from '../../db/queries/explore.ts';
import type { ReleaseRow } from '../../db/queries/images.ts';
import { isPlain, type ImageFormat } from '../../imaging/types.ts';
import type { Basis } from '../../rpc/contract/counts.ts';
import { EXPORTED_FIELDS, valuesOf } from '../../rpc/contract/fields.ts';
import { WITHHELD, type LeftOut, type ReleaseSummary, type Withheld } from '../../rpc/contract/releases.ts';
import type { PairCertainty, Role } from '../../rpc/contract/terms.ts';
import { AssayError } from '../../rpc/errors.ts';
import { labelOfBoxes, toBoxes, type Box } from '../base/boxes.ts';
import { inPages } from '../base/pages.ts';
import type { ExportItem, LabelOrigin } from './formats/define.ts';
import { partOf } from '../base/splits.ts';
import { originalOf } from '../project/originals.ts';
import type { Project } from '../project/project.ts';
import { judgedBy } from './judgements.ts';

/** Which images go into a release. */
export interface ReleaseChoice {
  roles: Role[];
  /** Include synthetic images without a decision? Real ones are annotated already and always included. */
  undecided: 'in' | 'out';
  /** Images with one of these findings are left out unless it is listed here. */
  include: Withheld[];
  /** Only images with this tag; null for all. */
  tag: string | null;
}

export interface ReleaseSurvey {
  count: number;
  origins: ReleaseSummary['origins'];
  basis: ReleaseSummary['basis'];
  leftOut: ReleaseSummary['leftOut'];
  hasBoxes: boolean;
  /** Images that have a tag. */
  tagged: number;
  /** Images of each role. */
  roles: Record<Role, number>;
  /** Ids of the batches that its images are from. */
  batches: Set<number>;
}

/** One image of the project as a release sees it. */
export interface Surveyed {
  id: number;
  role: Role;
  /** Why it is left out; null if it is included. */
  why: LeftOut | null;
  /** Of one that is left out as a copy: how sure that is. */
  certainty: PairCertainty | null;
  /** The label that holds. */
  label: string | null;
}

/**
 * The images of a release, in sha256 order, read again for each pass so that memory stays bounded. Decisions, tags and
 * findings are read once, when it is constructed, so that a release shows one moment however long it takes to write.
 */
export class ReleaseSelection implements Iterable<ExportItem> {
  readonly #project: Project;
  readonly #choice: ReleaseChoice;
  /** The newest event that it includes. */
  readonly head: { seq: number; hash: string };
  /** Rules that leave an image out and that nobody overruled, each with how sure it is. */
  readonly #rules = new Map<number, Map<string, PairCertainty>>();
  readonly #verdicts: Map<number, HeldRow>;
  /** Images that anybody judged, to ask for judgements only where there are some. */
  readonly #judged: Set<number>;
  /** By name, of the images that have any. */
  readonly #tags = new Map<number, string[]>();
  /** The split of hold-out images; null if the release has none. */
  readonly #holdoutSplit: string | null;
  readonly #labels: Map<number, string>;

  /** Throws `NOT_FOUND` for a tag that no image has. */
  constructor(project: Project, choice: ReleaseChoice) {
    this.#project = project;
    this.#choice = choice;
    this.head = project.store.events.last()!;
    this.#verdicts = new Map(project.store.overview.verdicts().map((row) => [row.imageId, row]));
    this.#judged = new Set(project.store.decisions.judged(this.head.seq));
    this.#labels = project.store.batches.labelNames();
    for (const [id, tag] of project.store.tags.every()) {
      const known = this.#tags.get(id);
      if (known) known.push(tag);
      else this.#tags.set(id, [tag]);
    }
    const tags = new Set([...this.#tags.values()].flat());
    if (choice.tag !== null && !tags.has(choice.tag))
      throw new AssayError(
        'NOT_FOUND',
        `No image has the tag ${JSON.stringify(choice.tag)}. ${tags.size === 0 ? 'There are no tags yet' : `There are ${[...tags].sort().join(', ')}`}: put it on the images first, with the key D in Review or Explore, or with assay tags.`,
        { tag: choice.tag },
      );
    this.#holdoutSplit = choice.roles.includes('holdout')
      ? holdoutSplit(project.store.overview.splitsOf(choice.roles.filter((role) => role !== 'holdout')))
      : null;
    const run = project.store.scores.runs().at(-1);
    for (const { imageId, rule, certainty, settles } of run ? project.store.copies.pairs(run.id) : [])
      if (settles)
        this.#rules.set(
          imageId,
          (this.#rules.get(imageId) ?? new Map<string, PairCertainty>()).set(rule, certainty),
        );
  }

  *[Symbol.iterator](): Generator<ExportItem> {
    for (const row of this.#project.store.images.forRelease())
      if (this.#reasonOut(row.id, row.role) === null) yield this.#item(row);
  }

  /** One image as the release has it. */
  itemOf(id: number): ExportItem {
    return this.#item(this.#project.store.images.releaseRow(id));
  }

  /**
   * Counts what is included and left out, reading columns rather than rows (one second per million images) and yielding
   * to the event loop. Calls `each` for every image in import order. Throws when `signal` aborts.
   */
  async survey(signal?: AbortSignal, each?: (image: Surveyed) => void): Promise<ReleaseSurvey> {
    const { explore, overview } = this.#project.store;
    const survey: ReleaseSurvey = {
      count: 0,
      origins: { given: 0, accepted: 0, relabelled: 0 },
      basis: { verified: 0, policy: 0, given: 0 },
      leftOut: {},
      hasBoxes: false,
      tagged: 0,
      roles: { real: 0, holdout: 0, synthetic: 0 },
      batches: new Set(),
    };
    const roles = new Map(explore.batches().map(({ id, role }) => [id, role]));
    const boxed = new Set(overview.boxed());
    await inPages(0, explore.images(), (after, upTo) => {
      signal?.throwIfAborted();
      for (const [i, home] of explore.homes(after, upTo).entries()) {
        const id = after + 1 + i;
        const role = roles.get(Math.floor(home / PACK))!;
        const verdict = this.#verdicts.get(id);
        const why = this.#reasonOut(id, role);
        const origin = originOf(verdict);
        const certainty = (why && this.#rules.get(id)?.get(why)) ?? null;
        each?.({ id, role, why, certainty, label: labelOf(verdict, this.#labels.get(home % PACK) ?? null) });
        if (why) {
          survey.leftOut[why] = (survey.leftOut[why] ?? 0) + 1;
          continue;
        }
        survey.count++;
        survey.roles[role]++;
        survey.batches.add(Math.floor(home / PACK));
        survey.origins[origin]++;
        survey.basis[basisOf(verdict, role)]++;
        if (this.#tags.has(id)) survey.tagged++;
        survey.hasBoxes ||= verdict?.boxed === 1 || boxed.has(id);
      }
    });
    return survey;
  }

  /** The hold-out images that a survey counted, and their split; null without any. */
  holdout({ roles }: ReleaseSurvey): ReleaseSummary['holdout'] {
    return roles.holdout > 0 && this.#holdoutSplit !== null
      ? { images: roles.holdout, split: this.#holdoutSplit }
      : null;
  }

  #reasonOut(id: number, role: Role): LeftOut | null {
    const { roles, undecided, include, tag } = this.#choice;
    if (!roles.includes(role)) return 'other-role';
    if (tag !== null && !this.#tags.get(id)?.includes(tag)) return 'untagged';
    const rules = this.#rules.get(id);
    for (const rule of WITHHELD) if (rules?.has(rule) && !include.includes(rule)) return rule;
    const verdict = this.#verdicts.get(id);
    if (verdict?.verdict === 'reject' && !include.includes('rejected')) return 'rejected';
    return !verdict && undecided === 'out' && role === 'synthetic' ? 'undecided' : null;
  }

  #item(row: ReleaseRow): ExportItem {
    const { objects } = this.#project;
    const verdict = this.#verdicts.get(row.id);
    const given = row.labelId === null ? null : this.#labels.get(row.labelId)!;
    const format = row.format as ImageFormat;
    const asPng = !isPlain(format) || row.orientation > 1;
    const { root, path } = originalOf(objects, row);
    return {
      sha256: row.sha256,
      fileName: `${row.sha256}.${asPng ? 'png' : format === 'jpeg' ? 'jpg' : format}`,
      root,
      source: join(root, path),
      asPng,
      originalPath: row.path,
      format,
      bytes: row.bytes,
      width: row.width,
      height: row.height,
      label: labelOf(verdict, given),
      givenLabel: given,
      origin: originOf(verdict),
      basis: basisOf(verdict, row.role),
      reviewer: verdict?.reviewer ?? null,
      decidedAt: verdict?.at ?? null,
      ...judgedBy(
        this.#judged.has(row.id) ? this.#project.store.decisions.namedJudgements(row.id, this.head.seq) : [],
        verdict?.decisionId ?? null,
      ),
      tags: this.#tags.get(row.id) ?? [],
      role: row.role,
      batch: row.batch,
      ...valuesOf(EXPORTED_FIELDS, row),
      // The hold-out cannot be trained on by accident.
      split: row.role === 'holdout' ? this.#holdoutSplit : row.split,
      givenSplit: row.split,
      boxes: this.#boxes(row, verdict, given),
    };
  }

  /** The corrected boxes, else the given ones. If all boxes had the image's old class, they take its new one. */
  #boxes(row: ReleaseRow, verdict: HeldRow | undefined, given: string | null): Box[] | null {
    const { store } = this.#project;
    if (verdict?.boxed === 1) return toBoxes(store.decisions.boxes(verdict.decisionId));
    if (row.boxed === 0) return null;
    const boxes = toBoxes(store.images.boxes(row.fileId));
    const label = verdict?.verdict === 'relabel' ? verdict.label : null;
    if (label === null || given === null || labelOfBoxes(boxes) !== given) return boxes;
    // Those of another class are regions of crowds.
    return boxes.map((box) => (box.label === given ? { ...box, label } : box));
  }
}

/** The split of the hold-out: `test`, or `holdout` where other images of the release are a test split. */
function holdoutSplit(others: readonly string[]): string {
  if (!others.some((split) => partOf(split) === 'test')) return 'test';
  const taken = new Set(others.map((split) => split.toLowerCase()));
  for (let n = 1; ; n++) {
    const name = n === 1 ? 'holdout' : `holdout_${n}`;
    if (!taken.has(name)) return name;
  }
}

/** On whose word an image carries its label (`BASIS_WORDS`). */
function basisOf(verdict: HeldRow | undefined, role: Role): Basis {
  if (verdict) return verdict.seen === 1 && verdict.verdict !== 'reject' ? 'verified' : 'policy';
  return role === 'synthetic' ? 'policy' : 'given';
}

function labelOf(verdict: HeldRow | undefined, given: string | null): string | null {
  return verdict?.verdict === 'relabel' ? verdict.label : given;
}

function originOf(verdict: HeldRow | undefined): LabelOrigin {
  return verdict?.verdict === 'relabel' ? 'relabelled' : verdict?.verdict === 'accept' ? 'accepted' : 'given';
}

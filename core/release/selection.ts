import type { VerdictRow } from '../../db/queries/decisions.ts';
import { PACK } from '../../db/queries/explore.ts';
import type { ReleaseRow } from '../../db/queries/images.ts';
import type { ImageFormat } from '../../imaging/types.ts';
import { EXPORTED_FIELDS, valuesOf } from '../../rpc/contract/fields.ts';
import type { LeftOut, ReleaseSummary, Withheld } from '../../rpc/contract/releases.ts';
import { SETTLING_RULES, type Role, type Rule } from '../../rpc/contract/terms.ts';
import { labelOfBoxes, type Box } from '../base/boxes.ts';
import { inPages } from '../explore/pages.ts';
import type { ExportItem, LabelOrigin } from './formats/define.ts';
import { originalPath } from '../project/originals.ts';
import type { Project } from '../project/project.ts';
import { toBoxes } from '../review/boxes.ts';

/** What decides which images are in a release. */
export interface ReleaseChoice {
  roles: Role[];
  /** Whether synthetic images that nobody decided on are in. Real ones are annotated already and always are. */
  undecided: 'in' | 'out';
  /** Kinds that are left out unless named here. */
  include: Withheld[];
}

export interface ReleaseSurvey {
  count: number;
  origins: ReleaseSummary['origins'];
  leftOut: ReleaseSummary['leftOut'];
  hasBoxes: boolean;
}

const EXTENSION: Record<ImageFormat, string> = { jpeg: 'jpg', png: 'png', webp: 'webp' };

/** One image of the project as a release sees it. */
export interface Surveyed {
  id: number;
  role: Role;
  /** Why it is left out; null where it is in. */
  why: LeftOut | null;
  /** The label that holds. */
  label: string | null;
}

/**
 * The images that go into a release, by sha256, each time anew so that memory stays bounded. Decisions and findings are
 * those of the moment at which it is made, so that a release is of one moment however long its writing takes.
 */
export class ReleaseSelection implements Iterable<ExportItem> {
  readonly #project: Project;
  readonly #choice: ReleaseChoice;
  /** The newest event that it knows of. */
  readonly head: { seq: number; hash: string };
  readonly #rules = new Map<number, Set<Rule>>();
  readonly #verdicts: Map<number, VerdictRow>;
  readonly #labels: Map<number, string>;

  constructor(project: Project, choice: ReleaseChoice) {
    this.#project = project;
    this.#choice = choice;
    this.head = project.store.events.last()!;
    this.#verdicts = new Map(project.store.overview.verdicts().map((row) => [row.imageId, row]));
    this.#labels = project.store.batches.labelNames();
    const run = project.store.scores.runs().at(-1);
    for (const { imageId, rule } of run ? project.store.scores.flags(run.id) : [])
      this.#rules.set(imageId, (this.#rules.get(imageId) ?? new Set()).add(rule));
  }

  *[Symbol.iterator](): Generator<ExportItem> {
    for (const row of this.#project.store.images.forRelease())
      if (this.#reasonOut(row.id, row.role) === null) yield this.#item(row);
  }

  /**
   * Counts what is in and what is left out, other questions being answered meanwhile, from columns rather than rows: a
   * second per million images. `each` is told of every image in the order of import. Throws when `signal` aborts.
   */
  async survey(signal?: AbortSignal, each?: (image: Surveyed) => void): Promise<ReleaseSurvey> {
    const { explore, overview } = this.#project.store;
    const survey: ReleaseSurvey = {
      count: 0,
      origins: { given: 0, accepted: 0, relabelled: 0 },
      leftOut: {},
      hasBoxes: false,
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
        each?.({ id, role, why, label: labelOf(verdict, this.#labels.get(home % PACK) ?? null) });
        if (why) {
          survey.leftOut[why] = (survey.leftOut[why] ?? 0) + 1;
          continue;
        }
        survey.count++;
        survey.origins[origin]++;
        survey.hasBoxes ||= verdict?.boxed === 1 || boxed.has(id);
      }
    });
    return survey;
  }

  #reasonOut(id: number, role: Role): LeftOut | null {
    const { roles, undecided, include } = this.#choice;
    if (!roles.includes(role)) return 'other-role';
    const rules = this.#rules.get(id);
    for (const rule of SETTLING_RULES) if (rules?.has(rule) && !include.includes(rule)) return rule;
    const verdict = this.#verdicts.get(id);
    if (verdict?.verdict === 'reject' && !include.includes('rejected')) return 'rejected';
    return !verdict && undecided === 'out' && role === 'synthetic' ? 'undecided' : null;
  }

  #item(row: ReleaseRow): ExportItem {
    const { objects } = this.#project;
    const verdict = this.#verdicts.get(row.id);
    const given = row.labelId === null ? null : this.#labels.get(row.labelId)!;
    const format = row.format as ImageFormat;
    return {
      sha256: row.sha256,
      fileName: `${row.sha256}.${EXTENSION[format]}`,
      source: originalPath(objects, row),
      originalPath: row.path,
      format,
      bytes: row.bytes,
      width: row.width,
      height: row.height,
      label: labelOf(verdict, given),
      givenLabel: given,
      origin: originOf(verdict),
      reviewer: verdict?.reviewer ?? null,
      decidedAt: verdict?.at ?? null,
      role: row.role,
      batch: row.batch,
      ...valuesOf(EXPORTED_FIELDS, row),
      boxes: this.#boxes(row, verdict, given),
    };
  }

  /** The boxes as corrected, else as given. Those of an image of one class follow it when only the class was changed. */
  #boxes(row: ReleaseRow, verdict: VerdictRow | undefined, given: string | null): Box[] | null {
    const { store } = this.#project;
    if (verdict?.boxed === 1) return toBoxes(store.decisions.boxes(verdict.decisionId));
    if (row.boxed === 0) return null;
    const boxes = toBoxes(store.images.boxes(row.fileId));
    const label = verdict?.verdict === 'relabel' ? verdict.label : null;
    if (label === null || given === null || labelOfBoxes(boxes) !== given) return boxes;
    return boxes.map((box) => ({ ...box, label }));
  }
}

function labelOf(verdict: VerdictRow | undefined, given: string | null): string | null {
  return verdict?.verdict === 'relabel' ? verdict.label : given;
}

function originOf(verdict: VerdictRow | undefined): LabelOrigin {
  return verdict?.verdict === 'relabel' ? 'relabelled' : verdict?.verdict === 'accept' ? 'accepted' : 'given';
}

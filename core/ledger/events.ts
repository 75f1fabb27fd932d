import type { Purpose, Role, Verdict } from '../../rpc/contract/terms.ts';

/** A file as an import recorded it: either an image by its hash, or a reason why it is none. */
export interface RecordedFile {
  path: string;
  bytes?: number | undefined;
  modifiedMs?: number | undefined;
  image?: { sha256: string; format: string; width: number; height: number; copied: boolean } | undefined;
  failure?: { code: string; detail: string } | undefined;
  label?: string | undefined;
  /** The class as the source names it, where the import was told to take another one for it. */
  sourceLabel?: string | undefined;
  split?: string | undefined;
  prompt?: string | undefined;
  negativePrompt?: string | undefined;
  seed?: string | undefined;
  generator?: string | undefined;
  generatorVersion?: string | undefined;
  /** Numbers as their shortest decimal text, which reads back to the same float. */
  boxes?: RecordedBox[] | undefined;
}

/** A box of a correction; numbers as their shortest decimal text. */
interface RecordedBox {
  label: string;
  format: string;
  values: string[];
}

/** A label risk that decisions taught: numbers as decimal text. */
export interface RecordedRisk {
  decisions: number;
  wrong: number;
  coefficients: string[];
}

/** Every kind of act with what its event says. Optional keys are left out of the JSON, never null. */
export interface EventBodies {
  'project.created': { uid: string; name: string };
  'batch.created': {
    name: string;
    role: Role;
    root: string;
    source: string;
    generator?: string | undefined;
    generatorVersion?: string | undefined;
    generation?: number | undefined;
    parents: string[];
    classes: string[];
  };
  'files.imported': { batch: string; files: RecordedFile[] };
  'run.finished': {
    model: string;
    modelId: string;
    device: string;
    parameters: string;
    images: number;
    digest: string;
  };
  'queue.made': {
    run: number;
    policy: string;
    /** Of a queue by label risk that decisions had taught. */
    risk?: RecordedRisk | undefined;
    seed: number;
    frame: number;
    rest: number;
    audited: number;
    /** What is left out stands for one reviewer who sees everything, without gold. Shares as decimal text. */
    reviewers?: number | undefined;
    blind?: boolean | undefined;
    goldRate?: string | undefined;
    goldThreshold?: string | undefined;
    /** The filter's JSON. */
    filter?: string | undefined;
    /** What gold items are drawn from. */
    gold?: { sha256: string; label: string }[] | undefined;
    items: {
      sha256: string;
      stratum: string;
      reasons: string[];
      priority: string;
      inclusionProbability: string;
      group: string[];
    }[];
  };
  'queue.reranked': {
    queue: number;
    /** What the label risk had learnt by then. */
    risk: RecordedRisk;
    /** Items that stand elsewhere now, or for other reasons. Places count from 0. */
    items: { sha256: string; place: number; priority: string; reasons: string[] }[];
  };
  'policy.saved': { name: string; policy: string };
  'policy.removed': { name: string };
  'decisions.made': {
    decisions: {
      sha256: string;
      verdict: Verdict;
      queue?: number | undefined;
      label?: string | undefined;
      reason?: string | undefined;
      /** Of an undo: the number of the decision that it takes back. */
      undoes?: number | undefined;
      /** `review` where it is left out. */
      purpose?: Purpose | undefined;
      durationMs?: number | undefined;
      flagged?: boolean | undefined;
      spread?: boolean | undefined;
      /** With a relabel: all boxes as they should be. */
      boxes?: RecordedBox[] | undefined;
      /** Of a gold item: the label that was shown, and the known one. */
      shown?: string | undefined;
      known?: string | undefined;
    }[];
  };
  'reviewer.resumed': { queue: number; reviewer: string };
  'release.exported': {
    format: string;
    folder: string;
    images: number;
    manifestSha256: string;
    options: string;
  };
}

export type EventKind = keyof EventBodies;

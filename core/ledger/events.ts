import type { Role, Verdict } from '../../rpc/contract/terms.ts';

/** A file as an import recorded it: either an image by its hash, or a reason why it is none. */
export interface RecordedFile {
  path: string;
  bytes?: number | undefined;
  modifiedMs?: number | undefined;
  image?: { sha256: string; format: string; width: number; height: number; copied: boolean } | undefined;
  failure?: { code: string; detail: string } | undefined;
  label?: string | undefined;
  split?: string | undefined;
  prompt?: string | undefined;
  negativePrompt?: string | undefined;
  seed?: string | undefined;
  generator?: string | undefined;
  generatorVersion?: string | undefined;
  /** Numbers as their shortest decimal text, which reads back to the same float. */
  boxes?: { label: string; format: string; values: string[] }[] | undefined;
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
    seed: number;
    frame: number;
    rest: number;
    audited: number;
    items: {
      sha256: string;
      stratum: string;
      reasons: string[];
      priority: string;
      inclusionProbability: string;
      group: string[];
    }[];
  };
  'decisions.made': {
    decisions: {
      sha256: string;
      verdict: Verdict;
      queue?: number | undefined;
      label?: string | undefined;
      reason?: string | undefined;
      /** Of an undo: the number of the decision that it takes back. */
      undoes?: number | undefined;
    }[];
  };
  'release.exported': {
    format: string;
    folder: string;
    images: number;
    manifestSha256: string;
    options: string;
  };
}

export type EventKind = keyof EventBodies;

import type { ImportPreview } from '../../../rpc/contract/imports.ts';
import type { Task } from '../../../rpc/contract/jobs.ts';
import type { Role } from '../../../rpc/contract/terms.ts';

/** What the form holds: empty words are things left open. */
export interface ImportDraft {
  from: string;
  source: string;
  /** Null until chosen: nothing is imported as something by accident. */
  role: Role | null;
  batch: string;
  generator: string;
  generatorVersion: string;
  generation: number | null;
  parents: string[];
  /** Only where it differs from the source's own name; an empty name takes the label away. */
  classMap: Record<string, string>;
  copy: boolean;
  strict: boolean;
  /** Null to tell it from the files. */
  encoding: string | null;
}

type ImportTask = Extract<Task, { kind: 'import' }>;

const ROLE_PATTERNS: [Role, RegExp][] = [
  ['holdout', /hold-?out|(^|[^a-z])(test|val|valid|validation|eval)([^a-z]|$)/],
  ['synthetic', /synth|generated|(^|[^a-z])(gen|sd|sdxl|flux|render|rendered|fake)([^a-z]|$)/],
  ['real', /(^|[^a-z])(real|seed|photo|photos|train)([^a-z]|$)/],
];

/** The role that a folder's name suggests; null where it says nothing. */
export function guessRole(path: string): Role | null {
  const name = path.toLowerCase().split(/[\\/]/).filter(Boolean).at(-1) ?? '';
  return ROLE_PATTERNS.find(([, words]) => words.test(name))?.[0] ?? null;
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** The task that the form describes. What only synthetic batches have is left out of the others. */
export function taskOf(
  draft: ImportDraft & { role: Role },
  preview: ImportPreview,
  project: string,
  by: string,
): ImportTask {
  const isSynthetic = draft.role === 'synthetic';
  const known = new Set(preview.classes.map(({ name }) => name));
  const changed = Object.entries(draft.classMap).filter(
    ([name, to]) => known.has(name) && to.trim() !== name,
  );
  return {
    kind: 'import',
    input: {
      project,
      by,
      from: draft.from.trim(),
      role: draft.role,
      source: preview.source?.id ?? draft.source,
      batch: orNull(draft.batch) ?? preview.batch,
      generator: isSynthetic ? orNull(draft.generator) : null,
      generatorVersion: isSynthetic ? orNull(draft.generatorVersion) : null,
      generation: isSynthetic ? draft.generation : null,
      parents: isSynthetic ? draft.parents : [],
      classMap: Object.fromEntries(changed.map(([name, to]) => [name, orNull(to)])),
      copy: draft.copy,
      strict: draft.strict,
      encoding: draft.encoding,
      model: null,
      device: 'auto',
    },
  };
}

/**
 * The only list of the facts of an image that travel from its source to every export. Manifests, embedded
 * metadata, the event of an import, the columns of the database, the image detail and the export formats all read this
 * table. A new field is one entry here and one migration that adds its column (named `keyOf(id)`) to `file`,
 * `generation_metadata` or both; then `npm run schema` and `npm run ledger-doc` write it into db/schema.sql and
 * docs/ledger.md. Label, boxes and the facts of the file itself (path, size) are not fields: they have rules of their own.
 */

interface Common {
  /** Name on screens. */
  title: string;
  /** Meaning, for docs/ledger.md and as a hint on screens. */
  meaning: string;
  /** A long text, shown as a paragraph. */
  isLong?: true;
  /** Shown beside each file, not with how the image was generated. */
  isOfFile?: true;
  /**
   * Keys of JSON records inside image files that hold it, preferred first, in any case and with any separators. Readers for conventions other than flat
   * JSON are in imaging/metadata. Column of `generation_metadata`.
   */
  embedded?: readonly string[];
}

interface Text extends Common {
  /** `digits` is an integer as decimal text, because seeds exceed 2^53. */
  kind: 'text' | 'digits';
  /** Further column names for it in manifests, preferred first. Column of `file`, key of the event. */
  manifest?: readonly string[];
  /** An empty text in a manifest is a value; without this it means none. */
  mayBeEmpty?: true;
  /** The batch's value applies to files without one. Column of `batch`. */
  ofBatch?: true;
}

interface Integer extends Common {
  kind: 'integer';
  ofBatch?: true;
}

interface Float extends Common {
  kind: 'number';
  embedded: readonly string[];
}

export const FIELDS = {
  split: {
    title: 'Split',
    meaning: 'part of the dataset, such as `train`',
    kind: 'text',
    manifest: ['subset'],
    isOfFile: true,
  },
  generator: {
    title: 'Generator',
    meaning: 'generator of this image',
    kind: 'text',
    manifest: ['model'],
    ofBatch: true,
  },
  generatorVersion: {
    title: 'Generator version',
    meaning: 'version of that generator',
    kind: 'text',
    manifest: ['model_version'],
    ofBatch: true,
  },
  generation: {
    title: 'Generation',
    meaning: 'how often images were generated from generated ones',
    kind: 'integer',
    ofBatch: true,
  },
  modelName: {
    title: 'Model',
    meaning: 'model that the generator used',
    kind: 'text',
    embedded: [
      'model_weights',
      'base_model',
      'model_name',
      'base_model_name',
      'model',
      'model_id',
      'checkpoint',
    ],
  },
  modelHash: {
    title: 'Model hash',
    meaning: 'hash of that model, as the generator wrote it',
    kind: 'text',
    embedded: ['model_hash', 'base_model_hash'],
  },
  loras: {
    title: 'LoRAs',
    meaning: 'adapters of that model, by the names of their files, separated by commas',
    kind: 'text',
    embedded: ['loras', 'lora', 'used_loras'],
  },
  prompt: {
    title: 'Prompt',
    meaning: 'text that it was generated from',
    kind: 'text',
    manifest: [],
    mayBeEmpty: true,
    isLong: true,
    embedded: ['prompt', 'positive_prompt', 'positive', 'c'],
  },
  negativePrompt: {
    title: 'Negative prompt',
    meaning: 'text of what the generator was told to avoid',
    kind: 'text',
    manifest: [],
    mayBeEmpty: true,
    isLong: true,
    embedded: ['negative_prompt', 'negative', 'uc'],
  },
  seed: {
    title: 'Seed',
    meaning: 'seed of its generation',
    kind: 'digits',
    manifest: [],
    embedded: ['seed', 'noise_seed'],
  },
  sampler: {
    title: 'Sampler',
    meaning: 'sampler, or scheduler, of the generation',
    kind: 'text',
    embedded: ['sampler', 'sampler_name', 'scheduler', 'scheduler_name'],
  },
  steps: {
    title: 'Steps',
    meaning: 'denoising steps',
    kind: 'number',
    embedded: ['steps', 'num_inference_steps', 'num_steps'],
  },
  cfg: {
    title: 'Guidance',
    meaning: 'strength of guidance: classifier-free, or the distilled one that takes its place (Flux)',
    kind: 'number',
    embedded: ['cfg', 'cfg_scale', 'guidance_scale', 'scale'],
  },
} as const satisfies Record<string, Text | Integer | Float>;

type Table = typeof FIELDS;
export type FieldId = keyof Table;
type With<Key extends string> = {
  [Id in FieldId]: Table[Id] extends Record<Key, unknown> ? Id : never;
}[FieldId];

/** Fields that a manifest may give for a file. */
export type FileField = With<'manifest'>;
/** Fields that may be found inside an image file. */
export type EmbeddedField = With<'embedded'>;
/** Fields that exports write. Those found only inside files are left out: exports copy the bytes unchanged. */
export type ExportedField = FileField | With<'ofBatch'>;

export type FieldValues<Id extends FieldId> = {
  [Each in Id]: (Table[Each]['kind'] extends 'integer' | 'number' ? number : string) | null;
};

export const FIELD_IDS = Object.keys(FIELDS) as FieldId[];
export const FILE_FIELDS = FIELD_IDS.filter((id): id is FileField => 'manifest' in FIELDS[id]);
export const EMBEDDED_FIELDS = FIELD_IDS.filter((id): id is EmbeddedField => 'embedded' in FIELDS[id]);
export const EXPORTED_FIELDS = FIELD_IDS.filter(
  (id): id is ExportedField => 'manifest' in FIELDS[id] || 'ofBatch' in FIELDS[id],
);

/** A field's name in the database, in manifests and in exports: `negative_prompt`. */
export function keyOf(id: FieldId): string {
  return id.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Returns the values of these fields; null for a missing one. */
export function valuesOf<Id extends FieldId>(
  ids: readonly Id[],
  from: { [Each in Id]?: FieldValues<Id>[Each] | undefined },
): FieldValues<Id> {
  return Object.fromEntries(ids.map((id) => [id, from[id] ?? null])) as FieldValues<Id>;
}

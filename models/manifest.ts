import { z } from 'zod';
import type { PackInput, PackManifest, PatchGrid, TextTower } from './types.ts';

/** Protobuf, and so ONNX in one file, holds at most 2 GiB. */
export const MAX_PACK_BYTES = 2 ** 31 - 1;
/** Beyond this part of the golden vector's largest entry, a tolerance would let a different model pass. */
const MAX_RELATIVE_TOLERANCE = 0.05;
const MAX_WIDTH = 65_536;
const MAX_CONTEXT = 8192;
const MAX_PATCH_WIDTH = 4096;

const plainName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
    'must be a plain file name of letters, digits, dot, dash and underscore',
  );
const shortText = z.string().trim().min(1).max(200);
const channels = z.tuple([z.number(), z.number(), z.number()]);

const input = z.strictObject({
  name: z.string().min(1).max(500),
  width: z.int().min(1).max(4096),
  height: z.int().min(1).max(4096),
  layout: z.enum(['NCHW', 'NHWC']),
  fit: z.enum(['squash', 'cover']),
  kernel: z.enum(['area', 'bilinear', 'bicubic', 'lanczos3']),
  scale: z.number().positive(),
  mean: channels,
  std: channels.refine((values) => values.every((value) => value > 0), 'must be above 0'),
}) satisfies z.ZodType<PackInput>;

const vector = {
  values: z.array(z.number()).min(1).max(MAX_WIDTH),
  tolerance: z.number().positive(),
};

function isTight({ values, tolerance }: { values: number[]; tolerance: number }): boolean {
  return tolerance <= MAX_RELATIVE_TOLERANCE * Math.max(...values.map(Math.abs));
}

const tight = `the tolerance must be at most ${MAX_RELATIVE_TOLERANCE} of the largest golden value`;
const graphName = z.string().min(1).max(500);
const tokenId = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);

const golden = z.strictObject({ seed: z.int().min(0), ...vector }).refine(isTight, tight);

const text = z.strictObject({
  model: plainName,
  tokenizer: plainName,
  contextLength: z.int().min(2).max(MAX_CONTEXT),
  padId: tokenId,
  ids: graphName,
  mask: graphName.optional(),
  output: graphName,
  golden: z
    .strictObject({
      text: z.string().min(1).max(1000),
      ids: z.array(tokenId).min(1).max(MAX_CONTEXT),
      ...vector,
    })
    .refine(isTight, tight),
}) satisfies z.ZodType<TextTower>;

const side = z.int().min(1).max(64);
const patches = z.strictObject({
  rows: side,
  columns: side,
  outputs: z
    .array(z.strictObject({ name: graphName, dimensions: z.int().min(1).max(MAX_PATCH_WIDTH) }))
    .min(1)
    .max(4),
}) satisfies z.ZodType<PatchGrid>;

const base = {
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and dashes'),
  version: z.string().regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/, 'must read like 1.0.0'),
  title: shortText,
  licence: shortText,
  files: z.record(plainName, z.string().regex(/^[0-9a-f]{64}$/, 'must be a sha256 in lower-case hex')),
  model: plainName,
  input,
  output: graphName,
  golden,
};

const embedder = z.strictObject({
  kind: z.literal('embedder'),
  ...base,
  dimensions: z.int().min(2).max(MAX_WIDTH),
  text: text.optional(),
  patches: patches.optional(),
});

const classifier = z.strictObject({
  kind: z.literal('classifier'),
  ...base,
  classes: z
    .array(shortText)
    .min(2)
    .max(MAX_WIDTH)
    .refine((names) => new Set(names).size === names.length, 'must not name a class twice'),
  activation: z.enum(['logits', 'probabilities']),
});

/** What pack.json must be; unknown keys are refused, so that a misspelt one is never ignored. */
export const manifestSchema = z
  .discriminatedUnion('kind', [embedder, classifier])
  .refine((manifest) => Object.hasOwn(manifest.files, manifest.model), {
    path: ['model'],
    message: 'must be one of `files`',
  })
  .refine((manifest) => !Object.hasOwn(manifest.files, 'pack.json'), {
    path: ['files'],
    message: 'must not list pack.json itself',
  })
  .refine((manifest) => manifest.golden.values.length === outputWidth(manifest), {
    path: ['golden', 'values'],
    message: 'must have one value per dimension or class',
  })
  .superRefine((manifest, context) => {
    const tower = manifest.kind === 'embedder' ? manifest.text : undefined;
    if (!tower) return;
    for (const part of ['model', 'tokenizer'] as const)
      if (!Object.hasOwn(manifest.files, tower[part]))
        context.addIssue({ code: 'custom', path: ['text', part], message: 'must be one of `files`' });
    if (tower.golden.values.length !== outputWidth(manifest))
      context.addIssue({
        code: 'custom',
        path: ['text', 'golden', 'values'],
        message: 'must have one value per dimension',
      });
    if (tower.golden.ids.length > tower.contextLength)
      context.addIssue({
        code: 'custom',
        path: ['text', 'golden', 'ids'],
        message: 'must be at most `contextLength`; take a shorter golden text',
      });
  }) satisfies z.ZodType<PackManifest>;

/** Floats that the model gives per image. */
export function outputWidth(manifest: PackManifest): number {
  return manifest.kind === 'embedder' ? manifest.dimensions : manifest.classes.length;
}

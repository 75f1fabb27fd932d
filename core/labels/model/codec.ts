import { z } from 'zod';
import { AssayError } from '../../../rpc/errors.ts';
import type { LabelModel } from './model.ts';

const numbers = z.base64();

const Stored = z.object({
  format: z.literal('assay-label-model-1'),
  classes: z.int().positive(),
  dimensions: z.int().positive(),
  present: z.array(z.int().nonnegative()),
  mean: numbers,
  std: numbers,
  weights: numbers,
  members: z.array(numbers),
  temperature: z.number(),
  lambda: z.number(),
  cv: z.array(z.object({ lambda: z.number(), logLoss: z.number(), accuracy: z.number() })),
  ece: z.number(),
  brier: z.number(),
  accuracy: z.number(),
});

/** JSON text of a label model: numbers as they are, matrices as base64 of little-endian float64. */
export function encodeLabelModel(model: LabelModel): string {
  const stored: z.infer<typeof Stored> = {
    format: 'assay-label-model-1',
    classes: model.classes,
    dimensions: model.dimensions,
    present: [...model.present],
    mean: toBase64(model.mean),
    std: toBase64(model.std),
    weights: toBase64(model.weights),
    members: model.members.map(toBase64),
    temperature: model.temperature,
    lambda: model.lambda,
    cv: model.cv,
    ece: model.ece,
    brier: model.brier,
    accuracy: model.accuracy,
  };
  return JSON.stringify(stored);
}

/** The label model that `encodeLabelModel` wrote, bit for bit. `PROJECT_DAMAGED` for anything else. */
export function decodeLabelModel(text: string): LabelModel {
  try {
    const { format: _, ...stored } = Stored.parse(JSON.parse(text));
    const size = (stored.dimensions + 1) * stored.present.length;
    return {
      ...stored,
      present: Int32Array.from(stored.present),
      mean: fromBase64(stored.mean, stored.dimensions),
      std: fromBase64(stored.std, stored.dimensions),
      weights: fromBase64(stored.weights, size),
      members: stored.members.map((member) => fromBase64(member, size)),
    };
  } catch (error) {
    throw new AssayError(
      'PROJECT_DAMAGED',
      'The stored label model cannot be read; score the project again to train a new one.',
      {},
      error,
    );
  }
}

function toBase64(values: Float64Array): string {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, i) => bytes.writeDoubleLE(value, i * 8));
  return bytes.toString('base64');
}

function fromBase64(text: string, length: number): Float64Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== length * 8) throw new Error(`${bytes.length} bytes in place of ${length * 8}`);
  return Float64Array.from({ length }, (_, i) => bytes.readDoubleLE(i * 8));
}

import { z } from 'zod';
import { AssayError } from '../../../rpc/errors.ts';
import { EVIDENCE } from './evidence.ts';
import type { Simulation } from './risk-model.ts';

const Stored = z.object({
  format: z.literal('assay-risk-simulation-1'),
  images: z.int().nonnegative(),
  rows: z.base64(),
  wrong: z.base64(),
});

/** JSON text of a simulation: matrices as base64, float64 little-endian. */
export function encodeSimulation({ rows, wrong, images }: Simulation): string {
  const bytes = Buffer.alloc(rows.length * 8);
  rows.forEach((value, i) => bytes.writeDoubleLE(value, i * 8));
  const stored: z.infer<typeof Stored> = {
    format: 'assay-risk-simulation-1',
    images,
    rows: bytes.toString('base64'),
    wrong: Buffer.from(wrong).toString('base64'),
  };
  return JSON.stringify(stored);
}

/** The simulation that `encodeSimulation` wrote. `PROJECT_DAMAGED` for anything else. */
export function decodeSimulation(text: string): Simulation {
  try {
    const { images, rows, wrong } = Stored.parse(JSON.parse(text));
    const bytes = Buffer.from(rows, 'base64');
    const flags = new Uint8Array(Buffer.from(wrong, 'base64'));
    if (bytes.length !== flags.length * EVIDENCE.length * 8)
      throw new Error(`${bytes.length} bytes for ${flags.length} rows`);
    return {
      images,
      rows: Float64Array.from({ length: flags.length * EVIDENCE.length }, (_, i) =>
        bytes.readDoubleLE(i * 8),
      ),
      wrong: flags,
    };
  } catch (error) {
    throw new AssayError(
      'PROJECT_DAMAGED',
      'What the label risk was estimated from cannot be read; score the project again.',
      {},
      error,
    );
  }
}

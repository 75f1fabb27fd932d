/** The one place that opens ONNX Runtime sessions. Only the inference process imports this file. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { InferenceSession } from 'onnxruntime-node';
import { AssayError } from '../rpc/errors.ts';

export interface SessionSettings {
  threads: number;
  /** An execution provider of this build, `cpu` included. */
  provider: string;
}

/**
 * A session on the model in `bytes`, never on a path, so that what was hashed is what runs and nothing else is read.
 * Rejects with ONNX Runtime's own error where the provider or the model does not work.
 */
export async function openSession(bytes: Uint8Array, settings: SessionSettings): Promise<InferenceSession> {
  return InferenceSession.create(bytes, {
    executionProviders: [settings.provider],
    intraOpNumThreads: settings.threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    extra: {
      session: {
        // Without this, bytes in ONNX Runtime's own flatbuffer format would load too, and no check has read those.
        load_model_format: 'ONNX',
        // Spinning threads would take the cores that decode images.
        intra_op: { allow_spinning: '0' },
      },
    },
  });
}

/** The data of a float32 output of one of Assay's own graphs. */
export function floatsOf(result: InferenceSession.ReturnType, name: string): Float32Array {
  const data = result[name]?.data;
  if (!(data instanceof Float32Array))
    throw new AssayError('INTERNAL', `Output ${name} is not a float32 tensor.`);
  return data;
}

/** The data of an int32 output of one of Assay's own graphs. */
export function integersOf(result: InferenceSession.ReturnType, name: string): Int32Array {
  const data = result[name]?.data;
  if (!(data instanceof Int32Array))
    throw new AssayError('INTERNAL', `Output ${name} is not an int32 tensor.`);
  return data;
}

/** The bytes of a pack's file, which must still be those that were checked. Rejects with MODEL_REFUSED otherwise. */
export async function readChecked(file: string, sha256: string): Promise<Buffer> {
  const bytes = await readFile(file);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw new AssayError('MODEL_REFUSED', `${file} changed since its pack was checked; load the pack again.`);
  }
  return bytes;
}

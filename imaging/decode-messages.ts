import type { ErrorCode } from '../rpc/errors.ts';
import type { DecodeLimits, DecodeOutcome, DecodeRequest } from './types.ts';

/** What the pool sends to a decoder process. */
export interface DecodeTask {
  id: number;
  request: DecodeRequest;
  limits: DecodeLimits;
}

/** What a decoder process answers. `rss` is its resident memory in bytes after the image. */
export type DecodeReply =
  | { kind: 'ready' }
  | { kind: 'done'; id: number; outcome: DecodeOutcome; rss: number }
  | { kind: 'failed'; id: number; code: ErrorCode; message: string; rss: number };

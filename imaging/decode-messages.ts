import type { MapOutcome, MapRequest } from './label-map.ts';
import type { DecodeLimits, DecodeOutcome, DecodeRequest } from './types.ts';

/** What a decoder process answers. */
export interface DecodeCalls {
  /** `rss` is the process's resident memory in bytes after the image. */
  decode: (request: DecodeRequest, limits: DecodeLimits) => Promise<{ outcome: DecodeOutcome; rss: number }>;
  map: (request: MapRequest, limits: DecodeLimits) => Promise<{ outcome: MapOutcome; rss: number }>;
}

/** What a decoder process tells its pool: that it takes images now. */
export interface DecodeNotices {
  ready: () => void;
}

import type { DecodeLimits } from './types.ts';

/**
 * What one image may cost. 40 megapixels is 120 MB of RGB, and a file of 64 MiB holds more than any generator writes.
 * The largest allowed image takes some 3 s of one core, so 60 s is reached only by what would never end, even on a busy
 * machine: a time limit that strikes good images would make imports depend on the load.
 */
export const DEFAULT_LIMITS: DecodeLimits = {
  maxPixels: 40e6,
  maxBytes: 64 * 1024 * 1024,
  timeoutMs: 60_000,
};

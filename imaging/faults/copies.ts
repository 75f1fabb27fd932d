import type { FaultFamily } from './define.ts';
import { FRAMES } from './copy-frame.ts';
import { LOOKS } from './copy-look.ts';
import { OVERLAY_TEXT } from './text.ts';

/** The same picture after one change that leaves it recognisable. */
export const COPIES: readonly FaultFamily[] = [...LOOKS, OVERLAY_TEXT, ...FRAMES];

import type { AssayBridge } from '../rpc/bridge.ts';

/** What the desktop shell gives the window beyond the core; null in a browser. */
export const host: AssayBridge | null = (globalThis as { assay?: AssayBridge }).assay ?? null;

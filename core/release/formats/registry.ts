import { collect } from '../../base/registry.ts';
import type { Export } from './define.ts';

/** All exports of this folder by id. */
export const exports = await collect<Export>(new URL('./', import.meta.url));

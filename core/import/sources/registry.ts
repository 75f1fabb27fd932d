import { collect } from '../../base/registry.ts';
import type { Source } from './define.ts';

/** Every source of this folder by id. */
export const sources = await collect<Source>(new URL('./', import.meta.url));

import { collect } from '../../base/registry.ts';
import type { Source } from './define.ts';

/** Every source of this folder by id. */
export const sources = await collect<Source>(new URL('./', import.meta.url));

/** Every source in the order in which detection prefers them. */
export const sourcesByPriority = [...sources.values()].sort((a, b) => b.priority - a.priority);

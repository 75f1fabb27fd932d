import { collect } from '../../base/registry.ts';
import type { Score } from './define.ts';

/** Every score of this folder by id. */
export const scores = await collect<Score>(new URL('./', import.meta.url));

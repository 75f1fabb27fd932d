import { collect } from '../../base/registry.ts';
import type { SelectionMethod } from './define.ts';

/** Every selection method, by id. */
export const selectionMethods = await collect<SelectionMethod>(new URL('./', import.meta.url));

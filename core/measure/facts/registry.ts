import { collect } from '../../base/registry.ts';
import type { FactProvider } from './define.ts';

/** Every provider of this folder by id. */
export const providers = await collect<FactProvider>(new URL('./', import.meta.url));

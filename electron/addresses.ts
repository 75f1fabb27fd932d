import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const SCHEME = 'assay';
/** The only origin: everything that a window loads, and every request to the shell, comes from it. */
export const ORIGIN = `${SCHEME}://app`;
export const PAGE = `${ORIGIN}/index.html`;

/** `.ts` where the sources run as they are, `.js` in a package. */
const extension = extname(import.meta.url);
const out = new URL(extension === '.ts' ? '../out/' : '../../', import.meta.url);

/** Where the built pages are, and the preload script, which has to be one CommonJS file. */
export const RENDERER = fileURLToPath(new URL('renderer/', out));
export const PRELOAD = fileURLToPath(new URL('preload.cjs', out));
/** The packs beside the sources; a package has them among its resources. */
export const SOURCE_PACKS = fileURLToPath(new URL('../models/packs', out));

/** What runs in the core's process, and in every process that the core asks for. */
export const CORE_HOST = fileURLToPath(new URL(`./core-host${extension}`, import.meta.url));
export const CHILD_HOST = fileURLToPath(new URL(`./child-host${extension}`, import.meta.url));
/** The modules that the core may have run in a process of their own, and no others. */
export const CHILD_ENTRIES: ReadonlySet<string> = new Set(
  ['../imaging/decode-host', '../models/inference-host'].map(
    (entry) => new URL(`${entry}${extension}`, import.meta.url).href,
  ),
);

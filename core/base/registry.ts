import { readdirSync } from 'node:fs';
import { extname } from 'node:path';

/**
 * Collects the default exports of a folder: a new score, source or export is one new file and nothing else. Files are
 * read in name order; `define.ts`, `registry.ts`, helpers without a default export and tests are skipped.
 */
export async function collect<T extends { id: string }>(folder: URL): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  // TypeScript in the sources, JavaScript in a package.
  const extension = extname(import.meta.url);
  const names = readdirSync(folder).filter(
    (name) => name.endsWith(extension) && !name.endsWith('.test.ts') && name !== `registry${extension}`,
  );
  for (const name of names.sort()) {
    const module = (await import(new URL(name, folder).href)) as { default?: T };
    if (!module.default) continue;
    if (found.has(module.default.id))
      throw new Error(`two files in ${folder.pathname} define ${module.default.id}`);
    found.set(module.default.id, module.default);
  }
  return found;
}

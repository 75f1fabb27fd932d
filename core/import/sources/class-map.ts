/** What becomes of a source's class names on their way into the project. */
export interface ClassMapping {
  /** The project's name of a class; null for no label. */
  of(name: string | null): string | null;
  /** The same for a list, each name once. */
  names(names: string[]): string[];
}

/** A mapping from the names that are given; every other name stays as it is. */
export function classMapping(map: Record<string, string | null>): ClassMapping {
  const of = (name: string | null): string | null =>
    name !== null && Object.hasOwn(map, name) ? (map[name] ?? null) : name;
  return {
    of,
    names: (names) => [...new Set(names.map(of).filter((name) => name !== null))],
  };
}

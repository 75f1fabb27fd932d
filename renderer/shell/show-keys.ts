const listeners = new Set<() => void>();

/** Shows the list of keys, from wherever. */
export function showKeys(): void {
  for (const show of listeners) show();
}

export function onShowKeys(show: () => void): () => void {
  listeners.add(show);
  return () => listeners.delete(show);
}

/** The system's name for a failed file operation (`ENOENT`), or `unknown`. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}

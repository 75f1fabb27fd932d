/**
 * The folder that an address names. Addresses carry it encoded on its own, since the router decodes once: what
 * looks like an absolute path already was written by hand or by a host, and is taken as it is.
 */
export function folderOf(parameter: string): string {
  if (/^([/\\]|[A-Za-z]:[/\\])/.test(parameter)) return parameter;
  try {
    return decodeURIComponent(parameter);
  } catch {
    return parameter;
  }
}

/** What the routes under a project need, to be linked to. */
export const projectParams = (folder: string): { folder: string } => ({ folder: encodeURIComponent(folder) });

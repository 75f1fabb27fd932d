import { join } from 'node:path';
import { replaceFile } from '../base/replace-file.ts';
import type { Project } from '../project/project.ts';
import { refusal } from './formats/output.ts';

/**
 * Writes files, each with its name and content, into the project's folder `reports/`, for those who have no Assay. Files of
 * the same names are replaced. Returns the paths. Throws `DISK_FULL` and `EXPORT_REFUSED`, naming the file.
 */
export function saveInReports(
  project: Pick<Project, 'folder'>,
  files: readonly (readonly [name: string, content: string])[],
): string[] {
  const folder = join(project.folder, 'reports');
  return files.map(([name, content]) => {
    const path = join(folder, name);
    try {
      replaceFile(folder, name, content);
    } catch (error) {
      throw refusal(error, path);
    }
    return path;
  });
}

import { join } from 'node:path';
import type { BatchReport } from '../../rpc/contract/reports.ts';
import { refusal } from '../release/formats/output.ts';
import type { Project } from '../project/project.ts';
import { replaceFile } from '../base/replace-file.ts';

/**
 * Puts a report into the project's folder `reports/`, as a page and as JSON; one of the same batch is replaced, since a
 * report can always be made again. Returns both paths. Throws DISK_FULL and EXPORT_REFUSED, naming the file.
 */
export function saveReport(project: Project, report: BatchReport, page: string): string[] {
  const folder = join(project.folder, 'reports');
  const name = report.batch.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-');
  const files = [
    [`${name}.html`, page],
    [`${name}.json`, JSON.stringify(report, null, 2)],
  ] as const;
  return files.map(([file, content]) => {
    const path = join(folder, file);
    try {
      replaceFile(folder, file, content);
    } catch (error) {
      throw refusal(error, path);
    }
    return path;
  });
}

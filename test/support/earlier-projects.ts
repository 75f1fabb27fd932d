import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { temporaryFolder } from './folders.ts';
import { forgetRecords } from './forget-records.ts';

const FIXTURES = new URL('../fixtures/projects/', import.meta.url);

/** Schema versions that were released and have a fixture, ascending. */
export const RELEASED: number[] = readdirSync(FIXTURES)
  .flatMap((name) => /^v(\d+)\.db\.gz$/.exec(name)?.slice(1).map(Number) ?? [])
  .sort((a, b) => a - b);

/**
 * A fresh copy of the project that the given schema's version made, in a folder that is gone after the test or in
 * `parent`. Returns its folder.
 */
export function earlierProject(version: number, parent = temporaryFolder()): string {
  const folder = join(parent, 'parts.assay');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'project.db'), gunzipSync(readFileSync(new URL(`v${version}.db.gz`, FIXTURES))));
  forgetRecords();
  return folder;
}

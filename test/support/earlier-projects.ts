import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { temporaryFolder } from './folders.ts';

const FIXTURES = new URL('../fixtures/projects/', import.meta.url);

/** Schema versions that were released and have a fixture, ascending. */
export const RELEASED: number[] = readdirSync(FIXTURES)
  .flatMap((name) => /^v(\d+)\.db\.gz$/.exec(name)?.slice(1).map(Number) ?? [])
  .sort((a, b) => a - b);

/** A fresh copy of the project that the given schema's version made. Returns its folder, which ends with the test. */
export function earlierProject(version: number): string {
  const folder = join(temporaryFolder(), 'parts.assay');
  mkdirSync(folder);
  writeFileSync(join(folder, 'project.db'), gunzipSync(readFileSync(new URL(`v${version}.db.gz`, FIXTURES))));
  return folder;
}

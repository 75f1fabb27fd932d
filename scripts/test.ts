// `npm test [-- <name> …]`: runs every test, or those in files whose paths contain a name; the last line counts passed,
// failed and skipped tests. Vitest's own options may follow, for instance `-t "part of a title"`.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createVitest, parseCLI } from 'vitest/node';
import { ensureChromium } from './chromium.ts';
import { ensureReaders } from './readers.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const { filter, options } = parseCLI(['vitest', ...process.argv.slice(2)]);
const vitest = await createVitest('test', { ...options, root, watch: false });
const files = await vitest.globTestSpecifications(filter);
if (files.length === 0) {
  console.log(`assay: no test file has a path with ${filter.join(' or ')} in it.`);
  process.exit(1);
}

if (!existsSync(new URL('../../shared/data', import.meta.url)))
  console.log('assay: there is no ../shared/data here, so the tests on real data are skipped.');
const need = (word: string): boolean =>
  files.some(({ moduleId }) => readFileSync(moduleId, 'utf8').includes(word));
if (need('CHROMIUM') && !ensureChromium())
  console.log('assay: there is no Chromium here, so the tests of pages are skipped.');
const readers = need('READERS') ? ensureReaders() : null;
if (readers && 'why' in readers)
  console.log(
    `assay: ${readers.why}, so the tests that read releases with other people’s readers are skipped.`,
  );

await vitest.start(filter);
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const module of vitest.state.getTestModules()) {
  if (
    module.state() === 'failed' &&
    [...module.children.allTests()].every((test) => test.result().state !== 'failed')
  )
    counts.failed++;
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === 'passed' || state === 'failed' || state === 'skipped') counts[state]++;
  }
}
await vitest.close();
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);

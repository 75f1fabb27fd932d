// `npm test`: every test, then one closing line that says how many passed, failed and were skipped.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startVitest } from 'vitest/node';
import { ensureChromium } from './chromium.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
if (!existsSync(new URL('../../shared/data', import.meta.url)))
  console.log('assay: there is no ../shared/data here, so the tests on real data are skipped.');

if (!ensureChromium()) console.log('assay: there is no Chromium here, so the tests of pages are skipped.');

const vitest = await startVitest('test', process.argv.slice(2), { root, watch: false });
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

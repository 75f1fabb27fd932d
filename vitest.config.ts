import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const root = fileURLToPath(new URL('./', import.meta.url));
const exclude = ['node_modules/**', 'out/**'];

/** Marks a test file that starts processes or a core, or changes what its whole process sees. */
const ALONE =
  /child_process|support\/(core|served|browser|electron)|Workbench|Process\b|Pool\b|process\.(env|on|exitCode)\b/;
const files = globSync('**/*.test.ts', { cwd: root, exclude }).map((file) => file.replaceAll('\\', '/'));
const alone = files.filter((file) => ALONE.test(readFileSync(`${root}${file}`, 'utf8')));

/** Take longest: begun late, they would keep one core busy when the other has nothing left to do. */
const FIRST = [
  'test/readers/readers.test.ts',
  'test/e2e/workbench.test.ts',
  'test/e2e/screens.test.ts',
  'test/e2e/review.test.ts',
  'core/fidelity/alignment.test.ts',
  'test/e2e/main-job.test.ts',
  'test/e2e/grid.test.ts',
  'test/e2e/review-keys.test.ts',
  'core/jobs/registry.test.ts',
  'core/jobs/run-task.test.ts',
  'test/e2e/explore.test.ts',
  'test/e2e/command.test.ts',
  'test/e2e/kill.test.ts',
  'core/queue/automatic-rerank.test.ts',
];

/** Vitest's own order, by what files took the last time or else by their size, after the ones above. */
class LongestFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = FIRST.findIndex((file) => moduleId.endsWith(`/${file}`));
      return place < 0 ? FIRST.length : place;
    };
    return (await super.sort(specifications)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    // On a busy machine a test takes several times as long as on an idle one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // How long a test waits for what it expects: a busy machine may need more than the default second.
    expect: { poll: { timeout: 20_000 } },
    globalSetup: 'test/support/run-folder.ts',
    setupFiles: ['test/support/own-settings.ts'],
    pool: 'forks',
    // Vitest would leave one core idle, which is half of a machine with two.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongestFirst },
    // Run in the order of their names, so that many short files fill the gaps at the end.
    projects: [
      { extends: true, test: { name: 'alone', include: alone, exclude } },
      {
        extends: true,
        // One process for many files, which loads what they import once.
        test: { name: 'shared', include: ['**/*.test.ts'], exclude: [...exclude, ...alone], isolate: false },
      },
    ],
  },
});

// Unused code, asked twice by `npm run check`: once of everything, and once (`knip --production`) of the product alone,
// so that what only tests or the benchmark use does not count as used. `!` marks what is part of the product.
import { argv } from 'node:process';

const isProduct = argv.includes('--production');

export default {
  entry: [
    'cli/main.ts!',
    'electron/main.ts!',
    'electron/preload.ts!',
    'electron/*-host.ts!',
    'server/core-process.ts!',
    'scripts/*.{ts,mjs}!',
    'bench/main.ts',
    'core/measure/facts/*.ts!',
    'core/measure/scores/*.ts!',
    'core/import/sources/*.ts!',
    'core/release/formats/*.ts!',
    'core/queue/methods/*.ts!',
    'core/jobs/tasks/*.ts!',
    'core/**/*-thread.ts!',
    'renderer/screens/*/*-screen.tsx!',
    'imaging/decode-host.ts!',
    'models/inference-host.ts!',
    // The benchmark's faults, made to be injected into a project's own images: complete before the product does that.
    'imaging/faults/index.ts!',
    'test/support/sources/*.ts',
    'test/support/electron/register*.ts',
    'test/support/newcomer/*/*.ts',
  ],
  project: ['**/*.{ts,tsx,mjs}!', '!**/*.test.{ts,tsx}!', '!**/testing/**!', '!{bench,test}/**!'],
  // Of the product, what its own file uses is alive; that it is exported for a test alone is no fault.
  ignoreExportsUsedInFile: isProduct,
  ignoreBinaries: ['mkfifo'],
  ignoreDependencies: isProduct ? [] : ['electron-builder'],
};

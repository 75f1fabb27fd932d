#!/usr/bin/env node
// The `assay` command of an installed or linked package.
process.argv.splice(2, 0, 'cli/main.ts');
await import('./run.mjs');

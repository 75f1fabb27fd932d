// Writes db/schema.sql from the migrations, for people to read; `--check` fails when it is out of date.
import { expectedSchema } from '../db/migrate.ts';
import { keepInStep } from './generated.ts';

process.exitCode = keepInStep(
  new URL('../db/schema.sql', import.meta.url),
  'npm run schema',
  () =>
    `-- Generated from db/migrations by \`npm run schema\`. Do not edit.\n\n${expectedSchema('creation')}`,
);

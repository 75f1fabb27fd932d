// Writes db/schema.sql from the migrations, for people to read; `--check` fails when it is out of step.
import { readFileSync, writeFileSync } from 'node:fs';
import { expectedSchema } from '../db/migrate.ts';

const file = new URL('../db/schema.sql', import.meta.url);
const wanted = `-- Generated from db/migrations by \`npm run schema\`. Do not edit.\n\n${expectedSchema('creation')}`;
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== wanted) {
    console.error('db/schema.sql is out of step with db/migrations: run `npm run schema` and commit it.');
    process.exit(1);
  }
} else {
  writeFileSync(file, wanted);
}

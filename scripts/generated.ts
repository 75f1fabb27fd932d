// What `npm run schema` and `npm run ledger-doc` do with the file that they generate, or a part of which they do.
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Writes the text that `make` returns for the file's present one; with `--check` in `args` only says whether they
 * differ, naming the command that mends it. Returns the exit status.
 */
export function keepInStep(
  file: URL,
  command: string,
  make: (present: string) => string,
  args: readonly string[] = process.argv,
): number {
  const present = readFileSync(file, 'utf8');
  const wanted = make(present);
  if (!args.includes('--check')) writeFileSync(file, wanted);
  else if (present !== wanted) {
    console.error(`${file.pathname} is out of step with its source: run \`${command}\` and commit it.`);
    return 1;
  }
  return 0;
}

import { Command } from 'commander';
import type { Session } from './session.ts';
import { withSession } from './session.ts';

/** The result of a command: the document for `--json`, and the same for people. */
export interface Answer {
  json: unknown;
  text: string;
  /** Exit status, where the answer reports a problem. */
  exit?: number;
}

/** A command with `--json` and an example in its help. */
export function command(name: string, description: string, example: string): Command {
  return new Command(name)
    .description(description)
    .option('--json', 'print one JSON document on standard output')
    .addHelpText('after', `\nExample:\n  ${example.split('\n').join('\n  ')}`);
}

/** Runs a command's work in a session and prints its answer: one JSON document, or text for people. */
export async function answer(
  options: { json?: boolean },
  work: (session: Session) => Promise<Answer>,
): Promise<void> {
  const { json, text, exit } = await withSession(work);
  process.stdout.write(options.json ? `${JSON.stringify(json, null, 2)}\n` : `${text}\n`);
  if (exit !== undefined) process.exitCode = exit;
}

/** Rows as columns of equal width. */
export function table(rows: (string | number)[][]): string {
  const widths = rows[0]?.map((_, c) => Math.max(...rows.map((row) => String(row[c] ?? '').length))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, c) =>
          typeof cell === 'number' ? String(cell).padStart(widths[c]!) : cell.padEnd(widths[c]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A list cut to its first lines, with a count of the rest. */
export function firstLines(lines: string[], most: number): string[] {
  return lines.length <= most
    ? lines
    : [...lines.slice(0, most), `… and ${lines.length - most} more (--json lists all)`];
}

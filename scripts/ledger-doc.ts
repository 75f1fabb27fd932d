// Writes the tables of event bodies in docs/ledger.md from their schemas; `--check` fails when they are out of date.
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { EVENTS } from '../core/ledger/events.ts';
import { keepInStep } from './generated.ts';

const START = '<!-- Generated from core/ledger/events.ts by `npm run ledger-doc`. Do not edit. -->';
const END = '<!-- End of the generated part. -->';

type Schema = z.core.JSONSchema.JSONSchema;

/** Returns one row per field; nested fields have a path. */
function rows(schema: Schema, path: string): string[][] {
  if (schema.items) return rows(schema.items as Schema, `${path}[]`);
  const forms = formsOf(schema);
  const isOneOf = forms.filter(({ properties }) => properties).length > 1;
  return forms.flatMap((form) =>
    Object.entries(form.properties ?? {}).flatMap(([name, field]) => {
      const at = path === '' ? name : `${path}.${name}`;
      const one = field as Schema;
      const needed = isOneOf ? ', in its form' : '';
      const optional = form.required?.includes(name) ? needed : ', optional';
      return [[`\`${at}\``, `${typeOf(one)}${optional}`, one.description ?? ''], ...rows(one, at)];
    }),
  );
}

/** Returns the alternatives of a schema, recursively. */
function formsOf(schema: Schema): Schema[] {
  return schema.anyOf ? schema.anyOf.flatMap(formsOf) : [schema];
}

function typeOf(schema: Schema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.anyOf) return [...new Set(formsOf(schema).map(typeOf))].join(' or ');
  if (schema.type === 'array') {
    const { items, prefixItems } = schema;
    if (prefixItems) return `array of ${prefixItems.length} of ${typeOf(prefixItems[0] as Schema)}`;
    return `array of ${typeOf(items as Schema)}`;
  }
  if (schema.type === 'string' && schema.pattern === '^[0-9a-f]{64}$') return '64 hex digits';
  if (schema.type === 'string' && schema.pattern === '^[0-9a-f]{128}$') return '128 hex digits';
  if (schema.type === 'string' && schema.pattern) return 'decimal text';
  if (schema.format === 'json') return 'JSON text';
  return typeof schema.type === 'string' ? schema.type : 'any JSON';
}

function table([head, ...body]: string[][]): string {
  const lines = [head!, head!.map(() => '---'), ...body];
  return lines
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

/** The document with its generated part made anew. */
export function withTables(document: string): string {
  const sections = Object.entries(EVENTS).map(([kind, event]) => {
    const schema = z.toJSONSchema(event, { io: 'input' });
    return `### \`${kind}\`\n\n${schema.description}\n\n${table([['Field', 'Type', 'Meaning'], ...rows(schema, '')])}`;
  });
  const [before, rest] = document.split(START);
  const after = rest!.split(END)[1]!;
  return `${before}${START}\n\n${sections.join('\n\n')}\n\n${END}${after}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.exitCode = keepInStep(
    new URL('../docs/ledger.md', import.meta.url),
    'npm run ledger-doc',
    withTables,
  );

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { defaultCssVariablesResolver, mergeMantineTheme, DEFAULT_THEME } from '@mantine/core';
import { expect, test } from 'vitest';
import { cssVariablesResolver, theme } from './theme-values.ts';

const SELECTORS = {
  variables: ':root',
  light: ":root[data-mantine-color-scheme='light']",
  dark: ":root[data-mantine-color-scheme='dark']",
} as const;
const PARTS = ['variables', 'light', 'dark'] as const;

const merged = mergeMantineTheme(DEFAULT_THEME, theme);
type Variables = Record<(typeof PARTS)[number], Record<string, string>>;
const mantines: Variables = defaultCssVariablesResolver(DEFAULT_THEME);
const wanted: Variables = defaultCssVariablesResolver(merged);
const own: Variables = cssVariablesResolver(merged);
for (const part of PARTS) Object.assign(wanted[part], own[part]);

/** Mantine's palette has more colours than the workbench shows. */
const FOREIGN = new RegExp(
  `^--mantine-color-(?:${Object.keys(DEFAULT_THEME.colors)
    .filter((name) => !Object.hasOwn(theme.colors ?? {}, name))
    .join('|')})-`,
);

function variablesCss(): string {
  const blocks = PARTS.map((part) => {
    const lines = Object.entries(wanted[part])
      .filter(([name, value]) => mantines[part][name] !== value && !FOREIGN.test(name))
      .map(([name, value]) => `  ${name}: ${value};`);
    return `${SELECTORS[part]} {\n${lines.join('\n')}\n}\n`;
  });
  return `/* What MantineProvider would put into a <style>. Written by \`vitest run renderer/theme.test.ts -u\`. */\n${blocks.join('\n')}`;
}

test('theme-variables.css holds what differs from the variables that come with Mantine, of colours in use', async () => {
  await expect(variablesCss()).toMatchFileSnapshot('theme-variables.css');
});

test('Mantine brings every other variable in its own file', () => {
  const file = createRequire(import.meta.url).resolve('@mantine/core/styles/default-css-variables.css');
  const css = readFileSync(file, 'utf8');
  const missing = PARTS.flatMap((part) =>
    Object.keys(wanted[part]).filter((name) => mantines[part][name] === wanted[part][name]),
  ).filter((name) => !css.includes(`${name}:`));
  expect(missing).toEqual([]);
});

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [a, b]
    .map((hex) => {
      const long = hex.length === 4 ? hex.replaceAll(/[0-9a-f]/g, '$&$&') : hex;
      const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
        const share = Number.parseInt(long.slice(at, at + 2), 16) / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    })
    .sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function valueOf(scheme: 'light' | 'dark', name: string): string {
  const value = wanted[scheme][name] ?? wanted.variables[name] ?? '';
  const reference = /^var\((--[a-z0-9-]+)\)$/.exec(value)?.[1];
  return reference === undefined ? value : valueOf(scheme, reference);
}

const TEXTS = [
  '--mantine-color-text',
  '--mantine-color-dimmed',
  '--mantine-color-placeholder',
  '--mantine-color-error',
  '--mantine-color-success',
  '--mantine-color-anchor',
  '--mantine-color-accent-text',
  '--assay-warn-text',
];
const GROUNDS = [
  '--mantine-color-body',
  '--assay-surface',
  '--assay-surface-raised',
  '--mantine-color-default',
];

test.each(['light', 'dark'] as const)(
  'every text colour of the %s scheme has a contrast of 4.5',
  (scheme) => {
    const poor = TEXTS.flatMap((text) =>
      GROUNDS.map((ground) => ({
        text,
        ground,
        ratio: contrast(valueOf(scheme, text), valueOf(scheme, ground)),
      })),
    ).filter(({ ratio }) => !(ratio >= 4.5));
    expect(poor).toEqual([]);
  },
);

test.each(['light', 'dark'] as const)('a filled button of the %s scheme can be read and found', (scheme) => {
  const filled = valueOf(scheme, '--mantine-primary-color-filled');
  expect(contrast('#ffffff', filled)).toBeGreaterThanOrEqual(4.5);
  expect(contrast(filled, valueOf(scheme, '--mantine-color-body'))).toBeGreaterThanOrEqual(3);
  expect(
    contrast(valueOf(scheme, '--assay-focus'), valueOf(scheme, '--mantine-color-body')),
  ).toBeGreaterThanOrEqual(3);
});

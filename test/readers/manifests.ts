import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toImage } from './hf.ts';
import { ALL_SETS, type Judge } from './judges.ts';
import type { Reading, ReadImage } from './reading.ts';
import type { Truth } from './truth.ts';

function expected(truth: Truth): Reading {
  const splits: Reading['splits'] = {};
  for (const image of truth.images) (splits[image.split ?? 'none'] ??= []).push(toImage(image, true));
  return { splits };
}

const orEmpty = (value: unknown): unknown => value ?? '';

/** Without a value there is an empty text: pandas does not tell them apart in CSV. */
function withoutNull(truth: Truth): Reading {
  const { splits } = expected(truth);
  const emptied = ({ facts, label, ...image }: ReadImage): ReadImage => ({
    ...image,
    label: label ?? '',
    facts: Object.fromEntries(Object.entries(facts ?? {}).map(([name, value]) => [name, orEmpty(value)])),
  });
  return {
    splits: Object.fromEntries(Object.entries(splits).map(([name, images]) => [name, images.map(emptied)])),
  };
}

/** Changes the manifest of a release, line by line. */
const lines = (name: string, change: (lines: string[]) => string[]) => (folder: string) => {
  const file = join(folder, name);
  const end = name.endsWith('.csv') ? '\r\n' : '\n';
  writeFileSync(file, change(readFileSync(file, 'utf8').split(end)).join(end));
};

const inAll =
  (from: RegExp, to: string) =>
  (all: string[]): string[] =>
    all.map((line) => line.replace(from, to));

export const jsonl: Judge = {
  format: 'jsonl',
  reader: 'pandas',
  sets: ALL_SETS,
  count: 'len(images)',
  expected,
  faults: {
    of: 'splits',
    plant: {
      'an image is missing': lines('manifest.jsonl', (all) => all.slice(1)),
      'labels of digits are numbers': lines('manifest.jsonl', inAll(/"label":"10"/, '"label":10')),
      'no value became an empty text': lines('manifest.jsonl', inAll(/"prompt":null/, '"prompt":""')),
      'an empty list of boxes became no list': lines('manifest.jsonl', inAll(/"boxes":\[\]/, '"boxes":null')),
      'boxes are a pixel wider': lines(
        'manifest.jsonl',
        inAll(/"values":\[8,8,9,9\]/, '"values":[8,8,10,9]'),
      ),
    },
  },
};

const SPOILT_CSV: Judge['faults'] = {
  of: 'splits',
  plant: {
    'an image is missing': lines('manifest.csv', (all) => [all[0]!, ...all.slice(2)]),
    'labels of digits lost their zeros': lines('manifest.csv', inAll(/"007"/, '"7"')),
    'a formula is not guarded': lines('manifest.csv', inAll(/"'=1\+1"/, '"1+1"')),
    'boxes are a pixel wider': lines('manifest.csv', inAll(/\[8,8,9,9\]/, '[8,8,10,9]')),
  },
};

export const csvByPandas: Judge = {
  format: 'csv',
  reader: 'pandas',
  sets: ALL_SETS,
  count: 'len(images)',
  expected: withoutNull,
  faults: SPOILT_CSV,
};

export const csvByPyarrow: Judge = {
  format: 'csv',
  reader: 'pyarrow',
  sets: ALL_SETS,
  expected,
  faults: {
    of: 'splits',
    plant: {
      ...SPOILT_CSV.plant,
      'no value became an empty text': lines('manifest.csv', inAll(/,,/g, ',"",')),
    },
  },
};

import { defineConfig, type OxlintOverride } from 'oxlint';

/**
 * The dependency rule, and its only home: what each top-level folder may import besides itself. `test`, `bench` and
 * `scripts` may use everything, and nothing may use them.
 */
const ARROWS = {
  rpc: [],
  db: ['rpc'],
  imaging: ['rpc'],
  models: ['rpc'],
  sample: ['imaging', 'rpc'],
  core: ['db', 'imaging', 'models', 'sample', 'rpc'],
  cli: ['server', 'core', 'rpc'],
  server: ['core', 'rpc'],
  electron: ['core', 'rpc'],
  renderer: ['rpc'],
} as const;
const TOOLING = ['bench', 'scripts', 'test'];

/** The flows of core, in order: each may import those before it, and none after. */
const FLOWS = [
  'base',
  'ledger',
  'project',
  'labels',
  'measure',
  'import',
  'review',
  'people',
  'handout',
  'explore',
  'queue',
  'audit',
  'release',
  'fidelity',
  'strategy',
  'overview',
  'jobs',
  'handlers',
] as const;

/** Each native library, and the parser of files that name patients, with its one home. */
const HOMES = {
  'dicom-parser': 'imaging',
  sharp: 'imaging',
  'onnxruntime-node': 'models',
  usearch: 'models',
  '@huggingface/tokenizers': 'models',
  'better-sqlite3': 'db',
  electron: 'electron',
} as const;

/** A folder of ours, not a library's subpath of the same name. */
const outside = (folder: string): string[] => [
  `**/${folder}/**`,
  ...(folder === 'server' ? ['!@orpc/server/**'] : []),
];

type Pattern = { group: string[]; message: string };

/** The rule for the files of one folder, given what they must not import besides the libraries of other homes. */
const forbid = (folder: string, home: string, patterns: Pattern[]): OxlintOverride => ({
  files: [`${folder}/**/*.ts`, `${folder}/**/*.tsx`],
  excludeFiles: [`${folder}/**/*.test.ts`, `${folder}/testing/**`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: Object.entries(HOMES)
          .filter(([, other]) => other !== home)
          .map(([name, other]) => ({ name, message: `${name} lives in ${other}/ only` })),
        patterns,
      },
    ],
  },
});

const outsideOf = (folder: keyof typeof ARROWS): Pattern[] =>
  [...Object.keys(ARROWS), ...TOOLING]
    .filter((other) => other !== folder && !(ARROWS[folder] as readonly string[]).includes(other))
    .map((other) => ({
      group: outside(other),
      message: `${folder}/ must not import ${other}/: see ARROWS in oxlint.config.ts`,
    }));

const NO_NODE: Pattern = {
  group: ['node:*'],
  message: 'a window has no Node: ask the core through renderer/client.ts',
};

const dependencyRule: OxlintOverride[] = [
  ...(Object.keys(ARROWS) as (keyof typeof ARROWS)[]).map((folder) =>
    forbid(folder, folder, [...outsideOf(folder), ...(folder === 'renderer' ? [NO_NODE] : [])]),
  ),
  ...FLOWS.map((flow, place) =>
    forbid(`core/${flow}`, 'core', [
      ...outsideOf('core'),
      ...FLOWS.slice(place + 1).map((later) => ({
        group: [`**/${later}/**`],
        message: `core/${flow}/ must not import core/${later}/: see FLOWS in oxlint.config.ts`,
      })),
    ]),
  ),
];

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'import', 'promise', 'node', 'vitest'],
  categories: {
    correctness: 'error',
    suspicious: 'error',
  },
  ignorePatterns: ['node_modules', 'out', 'coverage', 'models/packs'],
  rules: {
    'typescript/no-floating-promises': 'error',
    'typescript/no-explicit-any': 'error',
    'no-await-in-loop': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'unicorn/prefer-add-event-listener': 'off',
    'unicorn/require-post-message-target-origin': 'off',
    'import/no-unassigned-import': 'off',
    'vitest/require-to-throw-message': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    'no-underscore-dangle': 'off',
    'import/no-named-as-default-member': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'no-unmodified-loop-condition': 'off',
    'promise/always-return': 'off',
  },
  overrides: dependencyRule,
});

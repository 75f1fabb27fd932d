import { defineFixtures } from './define.ts';

export default defineFixtures({
  id: 'csv-manifest',
  good: {
    'other column names, BOM, Windows paths, semicolons': {
      files: {
        'labels.csv':
          '\uFEFFIndex;File Name;Class;Negative Prompt\r\n1;sub\\a.png;cat;"no;\r\nblur"\r\n\r\n2;./gone.png;;\r\n',
      },
      entries: [{ path: 'sub/a.png', label: 'cat', negativePrompt: 'no;\r\nblur' }, { path: 'gone.png' }],
    },
    'paths that lead out are listed for the decoder to refuse': {
      files: { 'x.csv': 'path,label\n../../etc/passwd,a\n/etc/passwd,b\n' },
      root: 'x.csv',
      entries: [
        { path: '../../etc/passwd', label: 'a' },
        { path: '/etc/passwd', label: 'b' },
      ],
    },
    'apostrophes of others stay': {
      files: { 'data.tsv': "image\tlabel\tprompt\na.png\t'=1\t\n" },
      entries: [{ path: 'a.png', label: "'=1" }],
    },
  },
  bad: {
    'row too short': {
      files: { 'a.csv': 'path,label\na.png,cat\nb.png\n' },
      says: /a\.csv, line 3: not valid CSV/,
    },
    'open quote': { files: { 'a.csv': 'path,label\n"a.png,cat\n' }, says: /a\.csv, line \d: not valid CSV/ },
    'path twice': {
      files: { 'a.csv': 'path\na.png\n./a.png\n' },
      says: /a\.csv, line 3: "a\.png" is already listed in line 2/,
    },
    'no path': { files: { 'a.csv': 'path,label\n,cat\n' }, says: /line 2: no image path/ },
    'column twice': {
      files: { 'a.csv': 'path,label,label\na.png,x,y\n' },
      says: /line 1: the column "label" occurs twice/,
    },
    'Latin-1': {
      files: { 'a.csv': Buffer.from('path,label\na.png,caf\xe9\n', 'latin1') },
      says: /a\.csv, line 2: not UTF-8/,
    },
    'two manifests': {
      files: { 'a.csv': 'path\n', 'b.csv': 'path\n' },
      says: /there are several manifests \(a\.csv, b\.csv\)/,
    },
  },
});

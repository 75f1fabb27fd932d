// Makes a project with very many rows, to try screens and to measure: node scripts/run.mjs scripts/huge-project.ts <folder>
import { parseArgs } from 'node:util';
import { makeHugeProject } from '../test/support/huge-project.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    images: { type: 'string', default: '1000000' },
    thumbs: { type: 'string', default: '20000' },
    originals: { type: 'string', default: '600' },
    dimensions: { type: 'string', default: '0' },
    map: { type: 'boolean', default: false },
  },
});
const [folder] = positionals;
if (folder === undefined) {
  process.stderr.write(
    'Usage: huge-project <folder> [--images n] [--thumbs n] [--originals n] [--dimensions n] [--map]\n',
  );
  process.exitCode = 2;
} else {
  const startedMs = performance.now();
  const made = await makeHugeProject(folder, {
    images: Number(values.images),
    thumbs: Number(values.thumbs),
    originals: Number(values.originals),
    dimensions: Number(values.dimensions),
    map: values.map,
  });
  process.stdout.write(`${made} in ${Math.round((performance.now() - startedMs) / 1000)} s\n`);
}

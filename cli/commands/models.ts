import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { GoldenVectors, ModelInfo } from '../../rpc/contract/catalog.ts';
import { answer, command, table } from '../command.ts';
import { userModel, userPath } from '../session.ts';

const kindOf = ({ kind, reads }: ModelInfo): string => (reads ? `${kind} with a text tower` : kind);

const describe = (model: ModelInfo): string =>
  `${model.id} ${model.version} (${kindOf(model)}, ${model.licence}) in ${model.folder}`;

const TOLERANCE = 0.01;

/** Replaces the golden vectors of a pack.json that has been read and found sound. */
function writeGolden(file: string, { values, text }: GoldenVectors): void {
  const pack = JSON.parse(readFileSync(file, 'utf8')) as { golden: object; text?: { golden: object } };
  const vector = (of: number[]) => ({ values: of, tolerance: TOLERANCE * Math.max(...of.map(Math.abs)) });
  pack.golden = { ...pack.golden, ...vector(values) };
  if (text && pack.text) pack.text.golden = { ...pack.text.golden, ids: text.ids, ...vector(text.values) };
  writeFileSync(file, `${JSON.stringify(pack, null, 2)}\n`);
}

export function modelsCommand() {
  const models = new Command('models')
    .description('Model packs: list them, add one, check one')
    .exitOverride();
  models.addCommand(
    command('list', 'List the built-in packs and your own', 'assay models list').action(
      (options: { json?: boolean }) =>
        answer(options, async ({ core }) => {
          const { packs, refused } = await core.catalog.models();
          const rows = packs.map((pack) => [pack.id, pack.version, kindOf(pack), pack.licence, pack.title]);
          return {
            json: { packs, refused },
            text: [table(rows), ...refused.map(({ folder, why }) => `refused ${folder}: ${why}`)].join('\n'),
          };
        }),
    ),
  );
  models.addCommand(
    command(
      'add',
      'Check a pack, run its golden vector, and copy it to your models',
      'assay models add ./my-embedder',
    )
      .argument('<folder>', 'folder with pack.json and the ONNX file')
      .action((folder: string, options: { json?: boolean }) =>
        answer(options, async ({ core, signal }) => {
          const added = await core.catalog.addModel({ from: userPath(folder) }, { signal });
          return { json: added, text: `Added ${describe(added)}` };
        }),
      ),
  );
  models.addCommand(
    command('check', "Check a pack's files, graph, shapes and golden vector", 'assay models check patch256')
      .argument('<model>', 'id, or folder of a pack')
      .action((model: string, options: { json?: boolean }) =>
        answer(options, async ({ core, signal }) => {
          const checked = await core.catalog.checkModel({ model: userModel(model) }, { signal });
          return { json: checked, text: `Sound: ${describe(checked)}` };
        }),
      ),
  );
  models.addCommand(
    command(
      'golden',
      'Compute the golden vectors that a pack of your own must hold',
      'assay models golden ./my-embedder --write',
    )
      .argument('<folder>', 'folder of a pack whose golden values are still made up')
      .option('--write', 'put them into its pack.json, with a tolerance of 1 % of the largest number')
      .action((folder: string, options: { write?: boolean; json?: boolean }) =>
        answer(options, async ({ core, signal }) => {
          const golden = await core.catalog.goldenVector({ model: userPath(folder) }, { signal });
          if (options.write) {
            const file = join(userPath(folder), 'pack.json');
            writeGolden(file, golden);
            return { json: golden, text: `The golden vectors are in ${file}.` };
          }
          const lines = [`golden.values: ${JSON.stringify(golden.values)}`];
          if (golden.text)
            lines.push(
              `text.golden.ids: ${JSON.stringify(golden.text.ids)}`,
              `text.golden.values: ${JSON.stringify(golden.text.values)}`,
            );
          return { json: golden, text: lines.join('\n') };
        }),
      ),
  );
  return models;
}

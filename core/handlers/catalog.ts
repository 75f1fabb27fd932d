import { addPack, DEFAULT_EMBEDDER } from '../../models/catalog.ts';
import { checkPack, goldenText, goldenVector } from '../../models/pack-check.ts';
import type { InferenceProcess } from '../../models/inference-process.ts';
import { loadPack } from '../../models/pack.ts';
import { tryDevices } from '../../models/try-devices.ts';
import type { ModelPack } from '../../models/types.ts';
import type { ModelInfo } from '../../rpc/contract/catalog.ts';
import { exports } from '../release/formats/registry.ts';
import { sources } from '../import/sources/registry.ts';
import { core } from './router.ts';
import type { Workbench } from './workbench.ts';

export const catalog = core.catalog.router({
  formats: core.catalog.formats.handler(() => ({
    imports: [...sources.values()].map(({ id, title, layout }) => ({ id, title, layout })),
    exports: [...exports.values()].map(({ id, title, layout, loses, source }) => ({
      id,
      title,
      layout,
      loses,
      readBy: source,
    })),
  })),
  models: core.catalog.models.handler(async ({ context }) => {
    const { packs, refused } = await context.workbench.packs();
    return {
      packs: packs.map(describe),
      refused: refused.map(({ folder, error }) => ({ folder, why: error.message })),
    };
  }),
  addModel: core.catalog.addModel.handler(async ({ input, context: { workbench }, signal }) => {
    await checkPack(await loadPack(input.from), await inferenceOf(workbench, signal));
    return describe(await addPack(input.from, workbench.userPacks));
  }),
  checkModel: core.catalog.checkModel.handler(async ({ input, context: { workbench }, signal }) => {
    const pack = await workbench.pack(input.model);
    await checkPack(pack, await inferenceOf(workbench, signal));
    return describe(pack);
  }),
  devices: core.catalog.devices.handler(async ({ input, context: { workbench }, signal }) =>
    tryDevices(await inferenceOf(workbench, signal), await workbench.pack(input.model ?? DEFAULT_EMBEDDER)),
  ),
  goldenVector: core.catalog.goldenVector.handler(async ({ input, context: { workbench }, signal }) => {
    const pack = await workbench.pack(input.model);
    const inference = await inferenceOf(workbench, signal);
    const values = [...(await goldenVector(pack, inference))];
    const text = await goldenText(pack, inference);
    return { values, text: text && { ids: text.ids, values: [...text.values] } };
  }),
});

/** The inference process, whose work for this call ends when the caller gives up. */
async function inferenceOf(workbench: Workbench, signal: AbortSignal | undefined): Promise<InferenceProcess> {
  const inference = await workbench.inference();
  return signal ? inference.withSignal(signal) : inference;
}

function describe({ manifest, folder, fingerprint }: ModelPack): ModelInfo {
  const { id, version, kind, title, licence } = manifest;
  const reads = manifest.kind === 'embedder' && manifest.text !== undefined;
  return { id, version, kind, reads, title, licence, folder, fingerprint };
}

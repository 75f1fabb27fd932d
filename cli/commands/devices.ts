import type { DeviceTrial } from '../../rpc/contract/catalog.ts';
import { integer } from '../../rpc/format.ts';
import { answer, command, table } from '../command.ts';
import { userModel } from '../session.ts';

interface Options {
  model?: string;
  json?: boolean;
}

/** What a device takes that did not start. */
const TAKES: Record<string, string> = {
  cuda: 'CUDA: an NVIDIA GPU with CUDA 12 and cuDNN 9, and the provider library of onnxruntime-node, which npm does not bring (docs/model-packs.md#devices).',
  dml: 'DirectML: Windows with a DirectX 12 GPU.',
  coreml: 'Core ML: a Mac.',
  webgpu: 'WebGPU: a GPU with a Vulkan, Metal or DirectX 12 driver.',
};

export function devicesCommand() {
  return command(
    'devices',
    'Try a model on every device of this machine: how fast each is, and why one does not work',
    'assay devices\nassay devices --model patch256',
  )
    .option('--model <id or folder>', 'model pack to try (default: the built-in one)')
    .action(({ model, ...options }: Options) =>
      answer(options, async ({ core, signal }) => {
        const asked = { model: model === undefined ? null : userModel(model) };
        const devices = await core.catalog.devices(asked, { signal });
        return { json: { devices }, text: describe(devices) };
      }),
    );
}

function describe(devices: DeviceTrial[]): string {
  const rows = devices.map(({ device, isUsed, imagesPerSecond, why }) => [
    device,
    imagesPerSecond === null ? '-' : `${integer(imagesPerSecond)} images/s`,
    isUsed ? 'used' : '',
    why ?? '',
  ]);
  const takes = devices.flatMap(({ device, why }) => (why === null ? [] : (TAKES[device] ?? [])));
  return [table(rows), ...takes].join('\n');
}

/**
 * Decodes files with sharp and does nothing else, at several concurrencies: the limit for any decoder built on sharp. A
 * process of its own, since the threads that sharp runs on are set when a process starts. Reads `SharpTask` as JSON on
 * standard input, writes a `SharpRate[]`.
 */
import { text } from 'node:stream/consumers';
import sharp from 'sharp';
import { timed } from './context.ts';
import type { SharpRate, SharpTask } from './limits.ts';

sharp.cache(false);
// Small images lose by threads inside one image; images side by side use the cores better.
sharp.concurrency(1);

async function decodeAll(files: string[], concurrency: number): Promise<void> {
  const waiting = files.values();
  const worker = async (): Promise<void> => {
    for (const file of waiting)
      await sharp(file)
        .toColourspace('srgb')
        .removeAlpha()
        .raw()
        .toBuffer()
        .catch(() => null); // broken files are part of the batch
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

const { files, concurrencies } = JSON.parse(await text(process.stdin)) as SharpTask;
await decodeAll(files, concurrencies.at(-1)!);
const rates: SharpRate[] = [];
for (const concurrency of concurrencies) {
  const { seconds } = await timed(() => decodeAll(files, concurrency));
  rates.push({ concurrency, perSecond: files.length / seconds });
}
process.stdout.write(JSON.stringify(rates));

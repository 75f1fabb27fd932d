import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeImage } from '../images.ts';
import type { Fixture } from './define.ts';

/** Writes a fixture's files into a folder, and returns the path to import. */
export async function writeFixture(folder: string, { files, root }: Fixture): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    const made = typeof content === 'object' && 'image' in content;
    await writeFile(file, made ? (await makeImage(content.image)).bytes : content);
  }
  return root === undefined ? folder : join(folder, root);
}

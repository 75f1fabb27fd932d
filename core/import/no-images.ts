import { counted } from '../../rpc/format.ts';
import type { Glance } from './glance.ts';

/** Kinds of files that are named. */
const NAMED = 5;

/** Why a folder in which no source finds anything cannot be imported: what it does hold, and the remedy. */
export function noImages({ root, files, images, more }: Glance): string {
  const [deep] = images;
  if (deep)
    return `${root} holds images only far down, for instance ${deep.path}. Import the folder that they are in.`;
  if (files.length === 0)
    return `${root} holds no images: there is no file in it. Choose the folder of the images.`;
  return `${root} holds no images${more ? ' where Assay looked' : ''}, only ${kindsOf(files)}. Choose the folder that holds the images, or copy them into this one.`;
}

/** `12 files .txt, 1 file .log and 3 files of other kinds`, most frequent first. */
function kindsOf(files: Glance['files']): string {
  const counts = new Map<string, number>();
  for (const { extension } of files) counts.set(extension, (counts.get(extension) ?? 0) + 1);
  const kinds = [...counts].sort((a, b) => b[1] - a[1]);
  const named = kinds
    .slice(0, NAMED)
    .map(([extension, count]) => `${counted(count, 'file')} ${extension || 'without extension'}`);
  const others = kinds.slice(NAMED).reduce((sum, [, count]) => sum + count, 0);
  return named.join(', ') + (others > 0 ? ` and ${counted(others, 'file')} of other kinds` : '');
}

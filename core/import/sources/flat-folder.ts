import { walkDataset } from './dataset-walk.ts';
import { hasSplitLevel } from './class-folders.ts';
import { defineSource, entry } from './define.ts';
import { holdsImage, isFolder } from './source-files.ts';

export default defineSource({
  id: 'flat-folder',
  title: 'Folder of images',
  layout:
    'A folder of images without labels; subfolders are read too and mean nothing, unless all at the top are named like splits.',
  priority: 10,
  bareFolders: true,
  detects: async (root) => (await isFolder(root)) && (await holdsImage(root, 0)),
  async *list(root, reading) {
    const splits = await hasSplitLevel(root);
    for await (const path of walkDataset(root, reading))
      yield entry(path, { split: splits && path.includes('/') ? path.split('/', 1)[0]! : null });
  },
});

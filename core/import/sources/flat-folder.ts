import { walkDataset } from './dataset-walk.ts';
import { defineSource, entry } from './define.ts';
import { holdsImage, isFolder } from './source-files.ts';

export default defineSource({
  id: 'flat-folder',
  title: 'Folder of images',
  layout: 'A folder of images without labels; subfolders are read too and mean nothing.',
  priority: 10,
  bareFolders: true,
  detects: async (root) => (await isFolder(root)) && (await holdsImage(root, 0)),
  async *list(root, reading) {
    for await (const path of walkDataset(root, reading)) yield entry(path);
  },
});

import type { ImageFilter } from '../../rpc/contract/images.ts';
import type { Project } from '../project/project.ts';
import { Explorer } from './explorer.ts';

const explorers = new WeakMap<Project, Explorer>();

/** The project's explorer: created on first use, closed with the project. */
export function explorerOf(project: Project): Explorer {
  let explorer = explorers.get(project);
  if (!explorer) {
    explorer = new Explorer(project.folder);
    explorers.set(project, explorer);
    project.onClose(() => explorer!.close());
  }
  return explorer;
}

/** Starts the project's explorer and lets it read ahead, so that it is ready for the first screen. */
export function warmExplorer(project: Project): void {
  // The question that needs it reports the error.
  void explorerOf(project)
    .call('warm')
    .catch(() => undefined);
}

/** Numbers of the images that match a filter now, ascending. Throws what `images.query` throws. */
export function resolveFilter(project: Project, filter: ImageFilter): Promise<Uint32Array> {
  return explorerOf(project).call('resolve', filter);
}

/** Numbers of the images of a view, in its order. Throws `NOT_FOUND` when the view was dropped. */
export function viewImages(project: Project, view: string): Promise<Uint32Array> {
  return explorerOf(project).call('imagesOf', view);
}

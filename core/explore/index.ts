import type { ImageFilter } from '../../rpc/contract/images.ts';
import type { Project } from '../project/project.ts';
import { Explorer } from './explorer.ts';

const explorers = new WeakMap<Project, Explorer>();

/** The project's explorer: made on first use, gone with the project. */
export function explorerOf(project: Project): Explorer {
  let explorer = explorers.get(project);
  if (!explorer) {
    explorer = new Explorer(project.folder);
    explorers.set(project, explorer);
    project.onClose(() => explorer!.close());
  }
  return explorer;
}

/** Starts the project's explorer and lets it read ahead, so that the first screen finds it ready. */
export function warmExplorer(project: Project): void {
  // Whoever asks a question is told what is wrong.
  void explorerOf(project)
    .call('warm')
    .catch(() => undefined);
}

/** Numbers of the images that a filter lets through now, ascending. Errors as `images.query` has them. */
export function resolveFilter(project: Project, filter: ImageFilter): Promise<Uint32Array> {
  return explorerOf(project).call('resolve', filter);
}

/** Numbers of the images of a view, in its order. `NOT_FOUND` when the view was let go. */
export function viewImages(project: Project, view: string): Promise<Uint32Array> {
  return explorerOf(project).call('imagesOf', view);
}

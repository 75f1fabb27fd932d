import { useCallback, type RefObject } from 'react';
import { core } from '../../client.ts';
import { reportFailure } from '../../parts/report-failure.ts';
import type { GridHandle } from './grid/thumb-grid.tsx';
import type { SelectionInUse } from './use-selection.ts';

/** Goes to an image by hash or number: in the grid where the view holds it, else in the rail alone. */
export function useImageInView(
  project: string,
  view: string | undefined,
  point: SelectionInUse['point'],
  grid: RefObject<GridHandle | null>,
  onImage: (sha256: string) => void,
): (image: string | number) => void {
  return useCallback(
    (image) => {
      void (async () => {
        const index = view === undefined ? -1 : await core.images.indexOf({ project, view, image });
        if (index >= 0) {
          grid.current?.reveal(index);
          point(index, 'only');
        } else if (typeof image === 'string') onImage(image);
      })().catch((error: unknown) => reportFailure('The image could not be found', error));
    },
    [project, view, point, grid, onImage],
  );
}

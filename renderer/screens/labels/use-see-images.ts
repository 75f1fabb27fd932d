import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { ImageFilter } from '../../../rpc/contract/images.ts';
import { projectParams } from '../../parts/folder-address.ts';
import { useProject } from '../../project.tsx';

/** Opens Explore on the images of a filter, those first whose label the model finds least likely. */
export function useSeeImages(): (filter: ImageFilter) => void {
  const { folder } = useProject();
  const navigate = useNavigate();
  return useCallback(
    (filter) =>
      void navigate({
        to: '/p/$folder/explore',
        params: projectParams(folder),
        search: { filter, sort: { by: 'self-confidence', order: 'ascending' } } as never,
      }),
    [folder, navigate],
  );
}

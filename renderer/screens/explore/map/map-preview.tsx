import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { ImageView } from '../../../../rpc/contract/images.ts';
import { core } from '../../../client.ts';
import { Thumb } from '../../../parts/thumb.tsx';
import { RoleMark, VerdictMark } from '../grid/marks.tsx';
import type { Hovered } from './map-canvas.tsx';
import classes from './map.module.css';

interface MapPreviewProps {
  project: string;
  view: ImageView | undefined;
  hovered: Hovered;
}

const PREVIEW_PX = 128;
const REST_MS = 60;

/** The image under the pointer, once the pointer rests on it. */
export function MapPreview({ project, view, hovered }: MapPreviewProps) {
  const [id] = useDebouncedValue(hovered.id, REST_MS);
  const row = useQuery({
    queryKey: ['map-preview', view?.view, id],
    queryFn: async ({ signal }) => {
      const name = view?.view ?? '';
      const offset = await core.images.indexOf({ project, view: name, image: id }, { signal });
      if (offset < 0) return null;
      const rows = await core.images.rows({ project, view: name, offset, limit: 1 }, { signal });
      return rows[0] ?? null;
    },
    enabled: view !== undefined,
    gcTime: 5000,
  });
  const [left, top] = hovered.at;
  const image = row.data;
  if (!image || image.id !== hovered.id) return null;
  return (
    <div className={classes.preview} style={{ left: left + 14, top: top + 14 }}>
      <Thumb sha256={image.sha256} alt="" size={PREVIEW_PX} />
      <span className={classes.previewWords}>
        <RoleMark role={image.role} /> {image.label ?? 'no label'}
        {image.verdict && <VerdictMark verdict={image.verdict} />}
      </span>
    </div>
  );
}

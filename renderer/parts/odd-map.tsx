import { useQuery } from '@tanstack/react-query';
import { useLayoutEffect, useRef, type CSSProperties } from 'react';
import type { ArtefactMap } from '../../rpc/contract/images.ts';
import { core } from '../client.ts';
import { useProject } from '../project.tsx';
import bits from './bits.module.css';
import classes from './odd-map.module.css';

/** Parts as odd as this hide most of the picture; those that are usual, 1, hide nothing. Distances in many dimensions differ little. */
const FULL = 1.8;
const AMBER = [255, 176, 0] as const;
const RED = [224, 20, 40] as const;
const MOST_OPAQUE = 0.72;

interface OddMapProps {
  sha256: string;
  size: { width: number; height: number };
  /** Where the whole picture lies in the positioned parent; by default as large as the parent allows, in its middle. */
  at?: Pick<CSSProperties, 'left' | 'top' | 'width' | 'height'> | undefined;
}

/** The panel of the settings that remembers whether maps are shown. */
export const SHOWS_ODD = 'view-shows-odd';
/** Pixels that a map is drawn with: smooth over the picture, whatever its shape. */
const DRAWN = 256 * 256;

/** Laid over a picture: where it looks unlike the real and the other synthetic images. */
export function OddMap({ sha256, size, at }: OddMapProps) {
  const { folder: project } = useProject();
  const { data } = useQuery({
    queryKey: ['odd-map', project, sha256],
    queryFn: ({ signal }) => core.images.artefactMap({ project, sha256 }, { signal }),
    staleTime: 60_000,
  });
  return (
    <>
      {data && <Cells map={data} size={size} at={at} />}
      <p className={classes.note}>
        {data === undefined && 'Looking up the map …'}
        {data === null &&
          'No map of this image. “Work with another model” on Jobs, or assay embed, makes one.'}
        {data && 'Amber parts look odd, red ones very odd'}
      </p>
    </>
  );
}

function Cells({ map, size, at }: Omit<OddMapProps, 'sha256'> & { map: ArtefactMap }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scale = Math.sqrt(DRAWN / (size.width * size.height));
  const [width, height] = [Math.round(scale * size.width), Math.round(scale * size.height)];
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    const rows = map.cells.length / map.columns;
    const small = new OffscreenCanvas(map.columns, rows);
    const cells = small.getContext('2d');
    if (!context || !cells) return;
    const pixels = cells.createImageData(map.columns, rows);
    for (const [i, cell] of map.cells.entries()) {
      const share = Math.min(1, Math.max(0, (cell - 1) / (FULL - 1)));
      pixels.data.set(
        [...AMBER.map((from, c) => from + (RED[c]! - from) * share), 255 * MOST_OPAQUE * Math.sqrt(share)],
        4 * i,
      );
    }
    cells.putImageData(pixels, 0, 0);
    context.clearRect(0, 0, width, height);
    context.drawImage(small, 0, 0, width, height);
  }, [map, width, height]);
  return (
    <canvas
      ref={canvas}
      className={at ? classes.cells : bits.picture}
      width={width}
      height={height}
      style={at}
      role="img"
      aria-label="Map of odd parts"
    />
  );
}

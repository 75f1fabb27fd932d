import { useEffect, useRef } from 'react';
import { shade, type Density } from './density.ts';
import classes from './map.module.css';

/** How many images lie where, in their colours; nothing where `density` is null. */
export function DensityCanvas({ density }: { density: Density | null }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context || !density) return;
    canvas.current.width = density.width;
    canvas.current.height = density.height;
    context.putImageData(shade(density), 0, 0);
  }, [density]);
  return <canvas ref={canvas} className={classes.density} hidden={density === null} />;
}
